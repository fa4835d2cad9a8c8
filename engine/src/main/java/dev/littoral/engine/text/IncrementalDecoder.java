package dev.littoral.engine.text;

import dev.littoral.engine.TokenStream;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Decodes the newest tokens together with those shown last, since how a token reads depends on the one before it, and
 * shows only what grew and ends in a whole character.
 */
final class IncrementalDecoder implements TokenStream {

    private static final String INCOMPLETE = "\uFFFD";

    /** A character has at most four bytes; what is still broken after more tokens than that stays broken. */
    private static final int MOST_PENDING = 6;

    private final Function<int[], String> decoder;
    private int[] tokens = new int[32];
    private int from;
    private int shown;
    private int end;

    IncrementalDecoder(Function<int[], String> decoder) {
        this.decoder = decoder;
    }

    @Override
    public String accept(int token) {
        if (end == tokens.length) {
            forget();
        }
        tokens[end++] = token;
        return grown(end - shown > MOST_PENDING);
    }

    @Override
    public String finish() {
        return grown(true);
    }

    private String grown(boolean evenIncomplete) {
        String before = decoder.apply(Arrays.copyOfRange(tokens, from, shown));
        String now = decoder.apply(Arrays.copyOfRange(tokens, from, end));
        if (now.length() <= before.length() || (now.endsWith(INCOMPLETE) && !evenIncomplete)) {
            return "";
        }
        from = shown;
        shown = end;
        return now.substring(before.length());
    }

    private void forget() {
        int kept = end - from;
        tokens = Arrays.copyOf(Arrays.copyOfRange(tokens, from, end), Math.max(32, 2 * kept));
        shown -= from;
        end = kept;
        from = 0;
    }
}
