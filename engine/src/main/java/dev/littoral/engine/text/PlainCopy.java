package dev.littoral.engine.text;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.littoral.checkpoint.CheckpointException;
import dev.littoral.checkpoint.CheckpointException.Reason;
import dev.littoral.engine.text.TokenizerFile.Words;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A checked tokenizer.json as the shortest text that says the same, of ASCII alone: the native library takes it as one
 * text of Java, and this one has a byte for each character. It goes through a file, since a text that is read from one is
 * on the heap once, and one that is built there is so twice.
 */
final class PlainCopy {

    private static final long MOST_BYTES = 48 << 20;

    private PlainCopy() {}

    /**
     * Reads, checks and copies the tokenizer of a checkpoint.
     *
     * @throws CheckpointException when it is missing, wrong or larger than an agent's heap can take
     */
    static String of(Path checkpoint) {
        try {
            Path copy = Files.createTempFile("tokenizer", ".json");
            try {
                write(checkpoint, copy);
                if (Files.size(copy) > MOST_BYTES) {
                    throw unreadable(
                            checkpoint, "its words and merges take more than 48 MiB; no known model needs that");
                }
                return Files.readString(copy);
            } finally {
                Files.delete(copy);
            }
        } catch (IOException e) {
            throw unreadable(checkpoint, "it cannot be read or copied (" + e + "); check permissions and disk space");
        }
    }

    private static void write(Path checkpoint, Path copy) throws IOException {
        try {
            write(checkpoint, copy, MergeForm.TEXTS);
        } catch (MergeForm.Unfit blanks) {
            write(checkpoint, copy, MergeForm.PAIRS);
        }
    }

    private static void write(Path checkpoint, Path copy, MergeForm merges) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(copy));
                JsonGenerator json = TokenizerFile.generator(out)) {
            TokenizerFile.read(checkpoint, Words.NOBODY, json, merges);
        }
    }

    private static CheckpointException unreadable(Path checkpoint, String problem) {
        return new CheckpointException(
                Reason.ConfigInvalid, checkpoint.resolve("tokenizer.json").toString(), "", problem);
    }
}
