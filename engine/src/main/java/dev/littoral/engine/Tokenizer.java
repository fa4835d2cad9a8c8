package dev.littoral.engine;

import java.util.Set;

/** Turns text into tokens and back; safe for use by several threads. */
public interface Tokenizer extends AutoCloseable {

    /** Most characters of a text that is encoded: a matcher of native code ends the process with one that is far longer. */
    int MOST_CHARACTERS = 1_000_000;

    /**
     * Encodes text that a chat template rendered, which names its special tokens itself.
     *
     * @throws IllegalArgumentException when the text has more than {@link #MOST_CHARACTERS}
     */
    int[] encodeRendered(String text);

    /**
     * Encodes plain text, with the special tokens that the tokenizer puts around it.
     *
     * @throws IllegalArgumentException when the text has more than {@link #MOST_CHARACTERS}
     */
    int[] encode(String text);

    /** Decodes tokens without the special ones. */
    String decode(int[] tokens);

    /** Begins to decode an answer token by token. */
    TokenStream stream();

    /** Names the tokens that end an answer. */
    Set<Integer> stopTokens();

    @Override
    void close();
}
