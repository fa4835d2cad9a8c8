package dev.littoral.operator.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The packaged operator as a process of its own. */
final class OperatorProcess {

    private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar");

    private OperatorProcess() {}

    /** Starts it and returns when its controllers run. */
    static void start(Path folder, Path kubeconfig, Path models, Programs programs) throws IOException {
        Path log = folder.resolve("operator.log");
        Process process = programs.start(
                log,
                Map.of(
                        "KUBECONFIG", kubeconfig.toString(),
                        "QUARKUS_HTTP_PORT", "0",
                        "LITTORAL_CHECKPOINT_ROOTS", models.toString(),
                        "LITTORAL_CHECKPOINT_RECHECK_EVERY", "1s",
                        "LITTORAL_PLACEMENT_RETRY_AFTER", "1s",
                        "LITTORAL_PLACEMENT_POOL_REFRESH", "1s",
                        "LITTORAL_AGENT_RUNTIME_BYTES", "64Mi",
                        "LITTORAL_SCHEDULER_URL", "http://scheduler.example:8080"),
                List.of(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx96m",
                        "-XX:+UseSerialGC",
                        "-jar",
                        JAR.toAbsolutePath().toString()));
        await("the operator; its log is " + log)
                .atMost(Duration.ofSeconds(90))
                .failFast("the operator ended, see " + log, () -> !process.isAlive())
                .until(() -> Files.readString(log).contains("Installed features"));
    }
}
