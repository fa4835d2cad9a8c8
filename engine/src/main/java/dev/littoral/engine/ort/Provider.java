package dev.littoral.engine.ort;

/** What a user wants stages to be computed on. */
public enum Provider {
    /** A CUDA device where there is one that works, else the processor. */
    AUTO,
    /** The processor. */
    CPU,
    /** A CUDA device, or nothing. */
    CUDA
}
