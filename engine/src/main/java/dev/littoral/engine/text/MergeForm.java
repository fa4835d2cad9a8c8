package dev.littoral.engine.text;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** Says how the merges of words are handed to the tokenizers library, which takes both forms as the same. */
enum MergeForm {
    /** As texts of two words with a blank between: the library takes half the memory and time to read them. */
    TEXTS,
    /** As pairs, which words with blanks need. */
    PAIRS;

    /** The library skips texts that begin so. */
    private static final String SKIPPED = "#version";

    /** Says that a merge has a blank in a word, so that all must be written as pairs. */
    static final class Unfit extends RuntimeException {

        Unfit() {
            super("a merge has a blank in a word", null, false, false);
        }
    }

    /** Writes a merge that is a text; says whether it is one. */
    boolean write(String merge, JsonGenerator copy) throws IOException {
        int blank = merge.indexOf(' ');
        if (blank < 0 || merge.indexOf(' ', blank + 1) >= 0) {
            return false;
        }
        if (!merge.startsWith(SKIPPED)) {
            write(merge.substring(0, blank), merge.substring(blank + 1), copy);
        }
        return true;
    }

    /** Writes a merge. */
    void write(String left, String right, JsonGenerator copy) throws IOException {
        switch (this) {
            case TEXTS -> {
                if (left.indexOf(' ') >= 0 || right.indexOf(' ') >= 0 || left.startsWith(SKIPPED)) {
                    throw new Unfit();
                }
                copy.writeString(left + " " + right);
            }
            case PAIRS -> {
                copy.writeStartArray();
                copy.writeString(left);
                copy.writeString(right);
                copy.writeEndArray();
            }
        }
    }
}
