package dev.littoral.engine.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Renders the hostile templates with the memory of an agent, as much of which is in use as its other parts need. */
class HostileTemplatesIT {

    private static final Path OPTIONS = Path.of("../node-agent/jvm.options");
    private static final String USED_MIB = "40";

    /** Long enough that what a template makes comes to its bound before the time does. */
    private static final String MAX_MILLIS = "1500";

    private static final long MINUTES = 30;

    @TempDir
    private Path folder;

    @Test
    void noneOfThemEndsTheProcessOfAnAgent() throws IOException, InterruptedException {
        int count = HostileTemplates.all().size();
        Path output = folder.resolve("output");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "@" + OPTIONS));
        command.add("-XX:CompilerDirectivesFile=../node-agent/compiler.directives");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), HostileTemplatesMain.class.getName()));
        command.addAll(List.of(USED_MIB, "0", String.valueOf(count), MAX_MILLIS));

        Process child = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = child.waitFor(MINUTES, TimeUnit.MINUTES);
        child.destroyForcibly();

        assertThat(ended).isTrue();
        assertThat(Files.readAllLines(output))
                .filteredOn(line -> !line.endsWith("compiler directives added"))
                .containsExactly("ENDED " + count + " with " + USED_MIB + " MiB in use");
        assertThat(child.exitValue()).isZero();
    }
}
