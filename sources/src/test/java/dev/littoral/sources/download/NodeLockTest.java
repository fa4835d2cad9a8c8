package dev.littoral.sources.download;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeLockTest {

    @TempDir
    private Path folder;

    @Test
    void anotherProcessWaitsAlsoWhenAnotherThreadHasTried() throws Exception {
        Path file = folder.resolve("node.lock");
        CountDownLatch tried = new CountDownLatch(1);
        CompletableFuture<NodeLock> second;
        try (var _ = NodeLock.take(file, () -> {})) {
            assertThat(child(file)).isEqualTo("waits");
            second = CompletableFuture.supplyAsync(() -> {
                try {
                    return NodeLock.take(file, tried::countDown);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertThat(tried.await(2, TimeUnit.MINUTES)).isTrue();
            assertThat(child(file)).isEqualTo("waits");
            assertThat(second).isNotDone();
        }
        try (var _ = second.get(2, TimeUnit.MINUTES)) {
            assertThat(child(file)).isEqualTo("waits");
        }
        assertThat(child(file)).isEqualTo("has it");
    }

    private String child(Path file) throws Exception {
        Path output = Files.createTempFile(folder, "child", ".log");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        NodeLockMain.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(child.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return Files.readString(output).strip();
    }
}
