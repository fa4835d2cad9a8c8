package dev.littoral.scheduler.http;

import io.quarkus.vertx.http.HttpServerStart;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.eclipse.microprofile.config.ConfigProvider;

/** Writes the port that was opened to a file, whole or not at all, for those who asked for port 0. */
@ApplicationScoped
class PortFile {

    private final HttpSettings settings;

    PortFile(HttpSettings settings) {
        this.settings = settings;
    }

    void opened(@ObservesAsync HttpServerStart start) {
        // Quarkus replaces the port 0 of its configuration by the one that the system gave
        int port = ConfigProvider.getConfig().getValue("quarkus.http.port", Integer.class);
        settings.portFile().ifPresent(file -> write(file.toAbsolutePath(), port));
    }

    private static void write(Path file, int port) {
        try {
            Path part =
                    Files.createTempFile(file.getParent(), file.getFileName().toString(), ".part");
            Files.writeString(part, port + "\n");
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the port to " + file, e);
        }
    }
}
