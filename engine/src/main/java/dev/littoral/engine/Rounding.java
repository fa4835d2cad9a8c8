package dev.littoral.engine;

/** How weights are brought to few bits. */
public enum Rounding {
    /** The largest magnitude of a block fixes its scale, and every weight goes to the nearest step. */
    ABSMAX,
    /**
     * The scale and zero point of a block are searched for the least error, weighed by what the checkpoint's calibration
     * says of its inputs where it has one.
     */
    TUNED
}
