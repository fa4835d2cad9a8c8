package dev.littoral.algorithms.length;

import java.util.Optional;

/**
 * A prompt whose answer's length is asked for.
 *
 * @param text as the user wrote it
 * @param promptTokens its length
 * @param probe what the encoder read, unless it was late or failed
 */
public record Question(String text, double promptTokens, Optional<Probe> probe) {}
