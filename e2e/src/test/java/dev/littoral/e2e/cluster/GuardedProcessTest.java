package dev.littoral.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GuardedProcessTest {

    private static final List<String> SAYS_ITS_PID_AND_STAYS = List.of("/bin/sh", "-c", "echo $$; exec sleep 300");

    @TempDir
    private Path folder;

    @Test
    void closingKillsTheProgram() throws Exception {
        GuardedProcess process = GuardedProcess.start(SAYS_ITS_PID_AND_STAYS, folder.resolve("log"));
        long pid = pidIn(folder.resolve("log"));
        assertThat(process.isAlive()).isTrue();

        process.close();

        assertThat(process.isAlive()).isFalse();
        assertGone(pid);
    }

    @Test
    void theProgramDiesWithAJvmThatIsKilled() throws Exception {
        Path log = folder.resolve("log");
        String classpath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-cp",
                        classpath,
                        StartsAndStays.class.getName(),
                        log.toString())
                .inheritIO()
                .start();
        long pid = pidIn(log);

        jvm.destroyForcibly();

        assertGone(pid);
    }

    @Test
    void aProgramThatEndsByItselfIsNotAliveAndKeepsItsOutput() {
        try (GuardedProcess process =
                GuardedProcess.start(List.of("/bin/sh", "-c", "echo one; echo two; exit 4"), folder.resolve("log"))) {
            await().until(() -> !process.isAlive());

            assertThat(process.output()).isEqualTo("one\ntwo\n");
            assertThat(process.lastLines(1)).isEqualTo("two");
        }
    }

    private static long pidIn(Path log) throws Exception {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> Files.exists(log) && Files.readString(log).endsWith("\n"));
        return Long.parseLong(Files.readString(log).strip());
    }

    private static void assertGone(long pid) {
        await().atMost(Duration.ofSeconds(10))
                .until(() ->
                        ProcessHandle.of(pid).map(handle -> !handle.isAlive()).orElse(true));
    }

    /** Is the JVM that is killed. */
    static final class StartsAndStays {

        private StartsAndStays() {}

        public static void main(String[] args) throws InterruptedException {
            GuardedProcess process = GuardedProcess.start(SAYS_ITS_PID_AND_STAYS, Path.of(args[0]));
            while (process.isAlive()) {
                Thread.sleep(Duration.ofSeconds(1));
            }
        }
    }
}
