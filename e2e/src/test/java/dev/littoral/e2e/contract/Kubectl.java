package dev.littoral.e2e.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs one kubectl against one API server and namespace, with nothing of the user's own configuration. */
final class Kubectl {

    private static final int PATIENCE_SECONDS = 90;

    private final Path program;
    private final Path kubeconfig;
    private final Path manifests;
    private final Path home;

    /**
     * Names what kubectl works with.
     *
     * @param manifests the folder it runs in
     * @param home a folder for its caches and for what it writes
     */
    Kubectl(Path program, Path kubeconfig, Path manifests, Path home) {
        this.program = program;
        this.kubeconfig = kubeconfig.toAbsolutePath();
        this.manifests = manifests;
        this.home = home.toAbsolutePath();
    }

    /** Prepares an empty home: kubectl must not remember another server that had the same address. */
    void forget() {
        try {
            if (Files.exists(home)) {
                try (Stream<Path> old = Files.walk(home)) {
                    for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(path);
                    }
                }
            }
            Files.createDirectories(home);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot empty " + home, e);
        }
    }

    /** Creates a namespace from a manifest, which goes as JSON; {@code create namespace} would go as protobuf. */
    void createNamespace(String name) {
        try {
            Path manifest = Files.writeString(
                    home.resolve("namespace.yaml"),
                    "apiVersion: v1\nkind: Namespace\nmetadata: {name: %s}\n".formatted(name));
            Answer created = run("default", List.of("create", "-f", manifest.toString()));
            assertThat(created.transcribed()).isEqualTo("namespace/" + name + " created\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a command to its end. */
    Answer run(String namespace, List<String> arguments) {
        Running running = start(namespace, arguments);
        try {
            if (!running.process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("kubectl did not end within " + PATIENCE_SECONDS + " s: " + arguments
                        + "\n" + running.answer(1).transcribed());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while kubectl ran", e);
        } finally {
            running.process.destroyForcibly();
        }
        return running.answer(running.process.exitValue());
    }

    /** Starts a command that ends only when it is stopped. */
    Running start(String namespace, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString(), "--namespace=" + namespace));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).directory(manifests.toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("KUBECONFIG", kubeconfig.toString());
        environment.put("HOME", home.toString());
        environment.put("LANG", "C.UTF-8");
        environment.put("TZ", "UTC");
        try {
            Path stdout = Files.createTempFile(home, "stdout", ".txt");
            Path stderr = Files.createTempFile(home, "stderr", ".txt");
            Process process = builder.redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(stdout.toFile())
                    .redirectError(stderr.toFile())
                    .start();
            return new Running(process, stdout, stderr);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + program, e);
        }
    }

    /** Is a kubectl that runs. */
    record Running(Process process, Path stdout, Path stderr) implements AutoCloseable {

        /** Gives what it wrote so far, with an exit status that the caller knows. */
        Answer answer(int exit) {
            return new Answer(lines(stdout), lines(stderr), exit);
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }

        private static List<String> lines(Path file) {
            try {
                List<String> lines = new ArrayList<>(Files.readString(file)
                        .lines()
                        .map(String::stripTrailing)
                        .toList());
                while (!lines.isEmpty() && lines.getLast().isEmpty()) {
                    lines.removeLast();
                }
                return lines;
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + file, e);
            }
        }
    }
}
