package dev.littoral.operator.languagemodel;

import dev.littoral.checkpoint.ModelShape;
import java.nio.file.Path;
import java.util.Optional;

/** What came of reading a checkpoint. */
public sealed interface Reading {

    /**
     * The checkpoint is sound.
     *
     * @param resolvedUri the source with its commit or digest, where it was looked up
     */
    record Sound(ModelShape shape, Optional<String> resolvedUri) implements Reading {}

    /**
     * The checkpoint cannot be used.
     *
     * @param message names the file and the field, and says what to do
     */
    record Unusable(ModelReason reason, String message) implements Reading {}

    /** Names the source in messages in place of the folder that it was read from. */
    default Reading without(Path folder, String source) {
        return switch (this) {
            case Sound sound -> sound;
            case Unusable(ModelReason reason, String message) ->
                new Unusable(reason, message.replace(folder.toString(), source));
        };
    }
}
