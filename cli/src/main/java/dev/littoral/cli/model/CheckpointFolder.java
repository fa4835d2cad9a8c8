package dev.littoral.cli.model;

import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** Which checkpoint a command is about. */
final class CheckpointFolder {

    @Parameters(paramLabel = "DIR", description = "Checkpoint in Hugging Face layout.")
    private Path path = Path.of("");

    Path path() {
        return path;
    }
}
