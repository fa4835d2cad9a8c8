package dev.littoral.operator.languagemodel;

import java.nio.file.Path;

/** Reads checkpoints. */
public interface Checkpoints {

    /** Reads the shape of the checkpoint in a folder. */
    Reading read(Path folder);
}
