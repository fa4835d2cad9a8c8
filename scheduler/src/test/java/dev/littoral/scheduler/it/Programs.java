package dev.littoral.scheduler.it;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;

/** Processes of a test, each with its log in the test's folder; they end with it. */
final class Programs implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Path SANDBOX = Path.of("../sandbox/target");

    private final Path folder;
    private final List<Process> processes = new ArrayList<>();

    Programs(Path folder) {
        this.folder = folder;
        if (!Files.isDirectory(SANDBOX.resolve("lib"))) {
            throw new IllegalStateException("the sandbox must be packaged first: mvn -pl scheduler -am verify");
        }
    }

    /** Starts a program of the sandbox. */
    Process sandbox(String name, String main, List<String> arguments) throws IOException {
        String classpath = SANDBOX.resolve("classes") + File.pathSeparator + SANDBOX.resolve("lib") + "/*";
        List<String> command = new ArrayList<>(List.of(java(), "-Xmx256m", "-cp", classpath, main));
        command.addAll(arguments);
        return start(name, command, Map.of());
    }

    Process start(String name, List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(name).toFile()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    Path log(String name) {
        return folder.resolve(name + ".log");
    }

    /** Waits for a file that the process which was started last writes when it is up. */
    void appears(Path file) throws IOException {
        try {
            await(file.getFileName().toString())
                    .atMost(PATIENCE)
                    .failFast("a process has ended", () -> !processes.getLast().isAlive())
                    .until(() -> Files.exists(file) && Files.size(file) > 0);
        } catch (ConditionTimeoutException | TerminalFailureException e) {
            try (Stream<Path> logs =
                    Files.list(folder).filter(each -> each.toString().endsWith(".log"))) {
                for (Path log : logs.toList()) {
                    e.addSuppressed(new IllegalStateException(log.getFileName() + ":\n" + Files.readString(log)));
                }
            }
            throw e;
        }
    }

    static void kill(Process process) {
        process.destroyForcibly();
        await().atMost(PATIENCE).until(() -> !process.isAlive());
    }

    /** Stops a process, or has it go on, as the shell would. */
    static void signal(String name, Process process) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IllegalStateException("kill -" + name + " ended with " + code);
        }
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    @Override
    public void close() {
        processes.reversed().forEach(Process::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
    }
}
