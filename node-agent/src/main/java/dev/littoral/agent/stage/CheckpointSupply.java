package dev.littoral.agent.stage;

import java.nio.file.Path;
import java.util.function.Consumer;

/** Gives the folder of the checkpoint, which may have to be brought first. */
@FunctionalInterface
public interface CheckpointSupply {

    /**
     * Gives the folder; may take long, and tells how far it is.
     *
     * @throws dev.littoral.sources.SourceException when it cannot be had
     */
    Path bring(Consumer<LoadState> progress);
}
