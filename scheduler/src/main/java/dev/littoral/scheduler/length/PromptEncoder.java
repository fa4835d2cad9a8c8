package dev.littoral.scheduler.length;

import dev.littoral.algorithms.length.PromptReading;

/** Reads prompts; a port, since the encoder behind it is a native library. */
public interface PromptEncoder extends AutoCloseable {

    /**
     * Reads a prompt.
     *
     * @param promptTokens its length as the model's tokenizer counts it, or a guess
     * @throws EncoderException when the encoder fails
     */
    PromptReading read(String prompt, double promptTokens);

    /** Counts the encoder's tokens of a prompt, its own two included. */
    int wordPieces(String prompt);

    @Override
    void close();
}
