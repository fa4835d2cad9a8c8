package dev.littoral.sandbox.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The quick start's manifests as this machine needs them. */
final class Quickstart {

    private Quickstart() {}

    /**
     * Copies the manifests into the demo's folder, with {@code file:///models/} standing for this checkout's models: the
     * emulated nodes share this machine's file system, where a real node would have them at that path.
     */
    static Path copy(Layout layout) throws IOException {
        Path copy = Files.createDirectories(layout.state().resolve("quickstart"));
        try (Stream<Path> files = Files.list(layout.quickstart())) {
            for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).toList()) {
                String manifest = Files.readString(file).replace("file:///models/", "file://" + layout.models() + "/");
                Files.writeString(copy.resolve(file.getFileName()), manifest);
            }
        }
        return copy;
    }
}
