package dev.littoral.sandbox.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {

    @TempDir
    Path runs;

    private final Child child =
            Child.start("sleeper", List.of("sleep", "600"), Map.of(), Path.of("target/leftovers-test.log"));

    @AfterEach
    void end() {
        child.kill();
    }

    @Test
    void theProcessesOfARunThatHasEndedAreEndedAndItsFolderIsRemoved() throws Exception {
        Path run = Files.createDirectories(runs.resolve("run-1"));
        Process over = new ProcessBuilder("true").start();
        Leftovers.note(run, over.toHandle());
        over.waitFor();
        Leftovers.note(run, child.process().toHandle());

        Leftovers.clear(runs);

        await().until(() -> !child.alive());
        assertThat(run).doesNotExist();
    }

    @Test
    void aRunThatIsStillThereIsLeftAlone() throws Exception {
        Path run = Files.createDirectories(runs.resolve("run-2"));
        Leftovers.note(run, ProcessHandle.current());
        Leftovers.note(run, child.process().toHandle());

        Leftovers.clear(runs);

        assertThat(child.alive()).isTrue();
        assertThat(run).exists();
    }

    @Test
    void aProcessThatOnlyHasTheSameIdIsLeftAlone() throws Exception {
        Path run = Files.createDirectories(runs.resolve("run-3"));
        String other = child.process().pid() + " 2001-01-01T00:00:00Z\n";
        Files.writeString(run.resolve("processes"), other + other);

        Leftovers.clear(runs);

        assertThat(child.alive()).isTrue();
        assertThat(run).doesNotExist();
    }
}
