package dev.littoral.engine.json;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
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
        int[] starts = new int[tokens.size() + 1];
        for (int token = 0; token < tokens.size(); token++) {
            starts[token + 1] = starts[token] + tokens.get(token).length;
        }
        byte[] bytes = new byte[starts[tokens.size()]];
        for (int token = 0; token < tokens.size(); token++) {
            System.arraycopy(tokens.get(token), 0, bytes, starts[token], tokens.get(token).length);
        }
        int[] ordered = IntStream.range(0, tokens.size())
                .filter(token -> tokens.get(token).length > 0)
                .boxed()
                .sorted(Comparator.comparing(tokens::get, Arrays::compareUnsigned))
                .mapToInt(Integer::intValue)
                .toArray();
        int[] shared = new int[ordered.length];
        for (int i = 1; i < ordered.length; i++) {
            byte[] before = tokens.get(ordered[i - 1]);
            int mismatch = Arrays.mismatch(before, tokens.get(ordered[i]));
            shared[i] = mismatch < 0 ? before.length : mismatch;
        }
        int longest = tokens.stream().mapToInt(token -> token.length).max().orElse(0);
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
