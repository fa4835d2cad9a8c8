package dev.littoral.engine;

import dev.littoral.checkpoint.StageFootprint;

/** Loads stages of checkpoints. */
public interface Engine {

    /**
     * Says how much memory of what computes it the stage will take, without loading it.
     *
     * @throws dev.littoral.checkpoint.CheckpointException when the checkpoint cannot be read
     */
    StageFootprint footprint(StageSpec spec);

    /**
     * Loads a stage and calls {@code progress} on the calling thread while it does.
     *
     * @throws dev.littoral.checkpoint.CheckpointException when the checkpoint cannot be read
     * @throws NoRoomException when memory or disk have no room for it; nothing was begun
     * @throws EngineException when the stage cannot be made of it
     */
    Stage load(StageSpec spec, ProgressListener progress);
}
