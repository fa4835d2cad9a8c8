package dev.littoral.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A config.json that is read gives a model that runs, or that is refused by our own exception, and the process lives.
 * {@code mvn verify -pl engine -am -Dtest=None -Dit.test=ConfigRunIT -Dsurefire.failIfNoSpecifiedTests=false
 * -Dfailsafe.failIfNoSpecifiedTests=false -Dlittoral.fuzz=50} runs 10,000 of them.
 */
class ConfigRunIT {

    private static final int RUNS = 200 * Integer.getInteger("littoral.fuzz", 1);
    private static final long MINUTES = 30;

    @TempDir
    private Path folder;

    @Test
    void aMutatedConfigThatIsReadGivesAModelThatRuns() throws IOException, InterruptedException {
        List<String> faults = new ArrayList<>();
        int ran = 0;
        int from = 0;
        while (ran < RUNS && faults.size() < 20) {
            Path output = folder.resolve("output-" + from);
            Process child = child(from, RUNS - ran, output);
            boolean ended = child.waitFor(MINUTES, TimeUnit.MINUTES);
            child.destroyForcibly();
            List<String> lines = Files.readAllLines(output);
            lines.stream().filter(line -> line.startsWith("BAD ")).forEach(faults::add);
            ran += (int) lines.stream().filter(line -> line.startsWith("RAN ")).count();
            int last = lines.stream()
                    .filter(line -> line.matches("[0-9]+"))
                    .mapToInt(Integer::parseInt)
                    .max()
                    .orElseThrow(() -> new AssertionError(String.join("\n", lines)));
            from = last + 1;
            if (!ended) {
                faults.add("mutation " + last + " does not end");
            } else if (child.exitValue() != 0) {
                faults.add("mutation " + last + " ends the process with status " + child.exitValue());
            }
        }
        assertThat(faults).isEmpty();
        assertThat(ran).isEqualTo(RUNS);
    }

    private Process child(int from, int runs, Path output) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:-CreateCoredumpOnCrash",
                        "-XX:ErrorFile=" + folder.resolve("crash.log"),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ConfigRunMain.class.getName(),
                        folder.toString(),
                        String.valueOf(from),
                        String.valueOf(runs))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }
}
