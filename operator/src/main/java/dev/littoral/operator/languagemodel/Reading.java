package dev.littoral.operator.languagemodel;

import dev.littoral.checkpoint.ModelShape;

/** What came of reading a checkpoint. */
public sealed interface Reading {

    /** The checkpoint is sound. */
    record Sound(ModelShape shape) implements Reading {}

    /**
     * The checkpoint cannot be used.
     *
     * @param message names the file and the field, and says what to do
     */
    record Unusable(ModelReason reason, String message) implements Reading {}
}
