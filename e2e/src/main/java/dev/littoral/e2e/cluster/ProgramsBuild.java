package dev.littoral.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Says whether the programs of a control plane can be had on this machine. */
public sealed interface ProgramsBuild {

    /** Holds the programs that were built, now or earlier. */
    record Built(Programs programs) implements ProgramsBuild {}

    /** Says why nothing can be built here. */
    record Impossible(String reason) implements ProgramsBuild {}

    /**
     * Runs {@code cluster/build}, which takes minutes the first time and milliseconds ever after; progress goes to stderr.
     *
     * @param script the path of {@code cluster/build}
     * @throws IllegalStateException if the build was tried and failed
     */
    static ProgramsBuild run(Path script) {
        if (!Files.isExecutable(script)) {
            throw new IllegalStateException("no executable script at " + script.toAbsolutePath());
        }
        try {
            Process build = new ProcessBuilder(script.toAbsolutePath().toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            build.getOutputStream().close();
            String stdout = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = build.waitFor();
            return switch (exit) {
                case 0 -> new Built(new Programs(Path.of(stdout.lines().toList().getLast())));
                case 3 -> new Impossible("Go is missing, which builds etcd, kube-apiserver and kubectl");
                default ->
                    throw new IllegalStateException(script + " ended with exit status " + exit
                            + "; its reason stands above. Run it by hand to see it again.");
            };
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + script, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + script + " ran", e);
        }
    }
}
