package dev.littoral.engine.json;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Knows which tokens of a vocabulary keep an answer the beginning of a JSON object; safe for use by several threads.
 *
 * <p>For each place in the grammar all tokens are tried once, in the order of their bytes, so that what two share is tried
 * once. Few tokens, such as {@code "}]}, close what the place does not tell: only these are tried anew for each state. That
 * split is XGrammar's (Dong et al., <i>XGrammar: Flexible and Efficient Structured Generation Engine for Large Language
 * Models</i>, 2024); ours is this grammar alone, as a state in a number. There are about 600 places, each kept as a bit for
 * each token.
 */
public final class JsonTokens {

    /** Bytes with which, one token for each, everything that was begun can be ended. */
    private static final String CLOSING = "{}[]\":0\\udcerals";

    /** Most bits that are kept, in words of eight bytes: all places of 350,000 tokens; more are tried anew. */
    private static final int MOST_KEPT_WORDS = 3 << 20;

    /** With these every character that was begun can be ended. */
    private static final int[] CONTINUING = {0x80, 0x90, 0xA0};

    private final Vocabulary vocabulary;
    private final Map<Long, Places> places = new ConcurrentHashMap<>();

    /**
     * What is known of a place.
     *
     * @param allowed tokens that may come, whatever is around
     * @param open tokens of which it depends on what is around
     * @param levels most containers that an allowed token opens
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Places(long[] allowed, int[] open, int levels) {}

    /**
     * Looks through a vocabulary.
     *
     * @throws IllegalArgumentException when it lacks a token without which an object that was begun might not be closed
     */
    public JsonTokens(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        BitSet single = new BitSet();
        boolean whole = true;
        for (int place = 0; place < vocabulary.texts(); place++) {
            int token = vocabulary.token(place);
            if (vocabulary.length(token) == 1) {
                single.set(vocabulary.at(token, 0));
            }
            whole &= whole(vocabulary.bytes(token));
        }
        CLOSING.chars().filter(b -> !single.get(b)).findFirst().ifPresent(b -> {
            throw new IllegalArgumentException("the vocabulary has no token for '" + (char) b
                    + "' alone, so that JSON which was begun might have no end");
        });
        if (!whole && !IntStream.of(CONTINUING).allMatch(single::get)) {
            throw new IllegalArgumentException(
                    "the vocabulary has tokens that are parts of characters, but not one for each byte");
        }
    }

    private static boolean whole(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        return !decoder.decode(ByteBuffer.wrap(bytes), CharBuffer.allocate(bytes.length), true)
                .isError();
    }

    /** Counts the words that {@link #allow} writes. */
    int words() {
        return (vocabulary.size() + Long.SIZE - 1) / Long.SIZE;
    }

    /** Writes a bit for each token that may come in a state. */
    void allow(long state, long[] allowed) {
        if (JsonState.levels(state) == 0) {
            System.arraycopy(at(state, false).allowed(), 0, allowed, 0, allowed.length);
            return;
        }
        Places here = at(JsonState.alone(state), true);
        if (JsonState.levels(state) + here.levels() > JsonState.MOST_LEVELS) {
            System.arraycopy(tried(state, false).allowed(), 0, allowed, 0, allowed.length);
            return;
        }
        System.arraycopy(here.allowed(), 0, allowed, 0, allowed.length);
        for (int token : here.open()) {
            if (after(state, token) != JsonState.DEAD) {
                allowed[token >> 6] |= 1L << token;
            }
        }
    }

    /** Gives the state behind a token, {@link JsonState#DEAD} when it may not come. */
    long after(long state, int token) {
        if (token < 0 || token >= vocabulary.size() || vocabulary.length(token) == 0) {
            return JsonState.DEAD;
        }
        long next = state;
        for (int i = 0; i < vocabulary.length(token) && next >= 0; i++) {
            next = JsonGrammar.next(next, vocabulary.at(token, i));
        }
        return next;
    }

    private Places at(long state, boolean alone) {
        Places known = places.get(state);
        if (known == null) {
            if ((long) places.size() * words() > MOST_KEPT_WORDS) {
                places.clear();
            }
            known = places.computeIfAbsent(state, place -> tried(place, alone));
        }
        return known;
    }

    /** Tries all tokens; behind the same beginning as one that may not come none may. */
    private Places tried(long from, boolean alone) {
        long[] allowed = new long[words()];
        int[] open = new int[vocabulary.texts()];
        int opens = 0;
        int deepest = 0;
        long[] states = new long[vocabulary.longest() + 1];
        states[0] = from;
        int refusedAt = Integer.MAX_VALUE;
        boolean unknown = false;
        for (int place = 0; place < vocabulary.texts(); place++) {
            int token = vocabulary.token(place);
            if (vocabulary.shared(place) < refusedAt) {
                refusedAt = Integer.MAX_VALUE;
                for (int i = vocabulary.shared(place); i < vocabulary.length(token); i++) {
                    long next = JsonGrammar.next(states[i], vocabulary.at(token, i));
                    if (next < 0) {
                        refusedAt = i + 1;
                        unknown = next == JsonState.UNKNOWN;
                        break;
                    }
                    states[i + 1] = alone && JsonState.closed(next) ? JsonState.aloneAfterValue() : next;
                    deepest = Math.max(deepest, JsonState.levels(next));
                }
            }
            if (refusedAt == Integer.MAX_VALUE) {
                allowed[token >> 6] |= 1L << token;
            } else if (unknown) {
                open[opens++] = token;
            }
        }
        return new Places(allowed, Arrays.copyOf(open, opens), deepest);
    }
}
