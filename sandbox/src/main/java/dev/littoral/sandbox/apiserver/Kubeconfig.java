package dev.littoral.sandbox.apiserver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes the file by which clients find the server. */
final class Kubeconfig {

    private Kubeconfig() {}

    /** Writes the file in one step, so that whoever waits for it finds it whole. */
    static void write(Path file, String url) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        Path unfinished = Files.createTempFile(folder, "kubeconfig", ".unfinished");
        Files.writeString(unfinished, """
                # A sandbox for laptops and tests: plain HTTP on loopback, without users.
                apiVersion: v1
                kind: Config
                clusters:
                - name: littoral-sandbox
                  cluster:
                    server: %s
                users:
                - name: nobody
                  user: {}
                contexts:
                - name: littoral-sandbox
                  context:
                    cluster: littoral-sandbox
                    user: nobody
                    namespace: default
                current-context: littoral-sandbox
                """.formatted(url));
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
