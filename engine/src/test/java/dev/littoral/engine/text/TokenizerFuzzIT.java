package dev.littoral.engine.text;

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
 * Whatever the bytes of tokenizer.json are, it works or is refused by our own exception, and the process lives.
 * {@code mvn verify -pl engine -am -Dtest=None -Dit.test=TokenizerFuzzIT -Dsurefire.failIfNoSpecifiedTests=false
 * -Dfailsafe.failIfNoSpecifiedTests=false -Dlittoral.fuzz=50} runs 100,000 mutations.
 */
class TokenizerFuzzIT {

    private static final int MUTATIONS = 2000 * Integer.getInteger("littoral.fuzz", 1);
    private static final long MINUTES = 30;

    @TempDir
    private Path folder;

    @Test
    void aMutatedTokenizerWorksOrIsRefusedAndTheProcessLives() throws IOException, InterruptedException {
        List<String> faults = new ArrayList<>();
        int read = 0;
        for (int from = 0; from < MUTATIONS && faults.size() < 20; ) {
            Path output = folder.resolve("output-" + from);
            Process child = child(from, output);
            boolean ended = child.waitFor(MINUTES, TimeUnit.MINUTES);
            child.destroyForcibly();
            List<String> lines = Files.readAllLines(output);
            lines.stream().filter(line -> line.startsWith("BAD ")).forEach(faults::add);
            int last = lines.stream()
                    .filter(line -> line.matches("[0-9]+"))
                    .mapToInt(Integer::parseInt)
                    .max()
                    .orElse(MUTATIONS);
            from = last + 1;
            if (!ended) {
                faults.add("mutation " + last + " does not end");
            } else if (child.exitValue() != 0) {
                faults.add("mutation " + last + " ends the process with status " + child.exitValue() + ": "
                        + lines.stream()
                                .filter(line -> line.contains("panicked"))
                                .toList());
            }
            read += lines.stream()
                    .filter(line -> line.startsWith("READ "))
                    .mapToInt(line -> Integer.parseInt(line.substring(5)))
                    .sum();
        }
        assertThat(faults).isEmpty();
        // texts of merges and of words may change; most of the rest must not
        assertThat(read).isBetween(MUTATIONS / 50, MUTATIONS * 19 / 20);
    }

    private Process child(int from, Path output) throws IOException {
        String tokenizers = String.join(
                ",",
                "src/test/resources/golden/byte-level/tokenizer.json",
                "src/test/resources/golden/byte-fallback/tokenizer.json",
                "../models/target/tokenizer.json");
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:-CreateCoredumpOnCrash",
                        "-XX:ErrorFile=" + folder.resolve("crash.log"),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TokenizerFuzzMain.class.getName(),
                        folder.toString(),
                        tokenizers,
                        String.valueOf(from),
                        String.valueOf(MUTATIONS))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }
}
