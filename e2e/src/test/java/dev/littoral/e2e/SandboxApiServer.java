package dev.littoral.e2e;

import static org.awaitility.Awaitility.await;

import dev.littoral.e2e.cluster.GuardedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs the sandbox's API server as a process of its own. */
public final class SandboxApiServer {

    private static final String MAIN = "dev.littoral.sandbox.apiserver.ApiServerMain";

    private static final Path FOLDER = Path.of("target/contract/sandbox");

    private static @Nullable SandboxApiServer shared;

    private final GuardedProcess process;
    private final Path kubeconfig;

    private SandboxApiServer(GuardedProcess process, Path kubeconfig) {
        this.process = process;
        this.kubeconfig = kubeconfig;
    }

    /** Gives the server that all tests of this JVM share, ready to be called; it ends with this JVM. */
    public static synchronized SandboxApiServer shared() {
        SandboxApiServer running = shared;
        if (running == null) {
            running = start(FOLDER.toAbsolutePath());
            shared = running;
        }
        return running;
    }

    private static SandboxApiServer start(Path home) {
        Path kubeconfig = home.resolve("kubeconfig");
        try {
            Files.createDirectories(home);
            Files.deleteIfExists(kubeconfig);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare " + home, e);
        }
        String classpath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                classpath,
                MAIN,
                "--data",
                home.resolve("data-" + ProcessHandle.current().pid()).toString(),
                "--kubeconfig",
                kubeconfig.toString());
        SandboxApiServer server =
                new SandboxApiServer(GuardedProcess.start(command, home.resolve("api-server.log")), kubeconfig);
        await("the sandbox's API server to write its kubeconfig")
                .atMost(Duration.ofSeconds(20))
                .failFast("the sandbox's API server ended", server::checkAlive)
                .until(() -> Files.exists(kubeconfig));
        return server;
    }

    private void checkAlive() {
        if (!process.isAlive()) {
            throw new IllegalStateException("its last lines:\n" + process.lastLines(20));
        }
    }

    /** Gives the kubeconfig that the server wrote. */
    public Path kubeconfig() {
        return kubeconfig;
    }
}
