package dev.littoral.engine;

import java.util.Set;

/** Turns text into tokens and back; safe for use by several threads. */
public interface Tokenizer extends AutoCloseable {

    /** Encodes text that a chat template rendered, which names its special tokens itself. */
    int[] encodeRendered(String text);

    /** Encodes plain text, with the special tokens that the tokenizer puts around it. */
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
