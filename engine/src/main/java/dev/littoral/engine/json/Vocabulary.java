package dev.littoral.engine.json;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The bytes that each token adds to an answer, also in the order of these bytes. */
public final class Vocabulary {

    private final byte[] bytes;
    private final int[] starts;
    private final int[] ordered;
    private final int[] shared;
    private final int longest;

    private Vocabulary(byte[] bytes, int[] starts, int[] ordered, int[] shared, int longest) {
        this.bytes = bytes;
        this.starts = starts;
        this.ordered = ordered;
        this.shared = shared;
        this.longest = longest;
    }

    /**
     * Makes one.
     *
     * @param tokens the bytes of token 0, 1, ...; none for a token that is no text, such as one that ends an answer
     */
    public static Vocabulary of(List<byte[]> tokens) {
        return of(tokens.size(), tokens::get);
    }

    /**
     * Makes one without a list of it.
     *
     * @param size how many tokens it has
     * @param token gives the bytes of each, asked once and in order
     */
    public static Vocabulary of(int size, IntFunction<byte[]> token) {
        int[] starts = new int[size + 1];
        byte[] bytes = new byte[Math.max(16, 8 * size)];
        for (int i = 0; i < size; i++) {
            byte[] text = token.apply(i);
            starts[i + 1] = Math.addExact(starts[i], text.length);
            if (starts[i + 1] > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(starts[i + 1], bytes.length + bytes.length / 2));
            }
            System.arraycopy(text, 0, bytes, starts[i], text.length);
        }
        return ordered(Arrays.copyOf(bytes, starts[size]), starts);
    }

    private static Vocabulary ordered(byte[] bytes, int[] starts) {
        int[] ordered = IntStream.range(0, starts.length - 1)
                .filter(token -> starts[token + 1] > starts[token])
                .boxed()
                .sorted((a, b) ->
                        Arrays.compareUnsigned(bytes, starts[a], starts[a + 1], bytes, starts[b], starts[b + 1]))
                .mapToInt(Integer::intValue)
                .toArray();
        int[] shared = new int[ordered.length];
        int longest = 0;
        for (int i = 0; i < ordered.length; i++) {
            int token = ordered[i];
            longest = Math.max(longest, starts[token + 1] - starts[token]);
            if (i > 0) {
                int before = ordered[i - 1];
                int mismatch = Arrays.mismatch(
                        bytes, starts[before], starts[before + 1], bytes, starts[token], starts[token + 1]);
                shared[i] = mismatch < 0 ? starts[before + 1] - starts[before] : mismatch;
            }
        }
        return new Vocabulary(bytes, starts, ordered, shared, longest);
    }

    /** Counts the tokens, text or not. */
    public int size() {
        return starts.length - 1;
    }

    /** Gives a token's bytes; none for one that is no text or that there is not. */
    public byte[] bytes(int token) {
        return token < 0 || token >= size() ? new byte[0] : Arrays.copyOfRange(bytes, starts[token], starts[token + 1]);
    }

    /** Counts the tokens that are text. */
    int texts() {
        return ordered.length;
    }

    /** Gives the token at a place in the order of bytes. */
    int token(int place) {
        return ordered[place];
    }

    /** Counts the bytes at its beginning that a token shares with the one before it in the order of bytes. */
    int shared(int place) {
        return shared[place];
    }

    int length(int token) {
        return starts[token + 1] - starts[token];
    }

    int at(int token, int index) {
        return bytes[starts[token] + index] & 0xFF;
    }

    /** Counts the bytes of the longest token. */
    int longest() {
        return longest;
    }
}
