package dev.littoral.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Writes shell scripts in the place of programs. */
final class FakePrograms {

    private FakePrograms() {}

    static Path script(Path folder, String name, String text) {
        try {
            Path script = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + text + "\n");
            return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
