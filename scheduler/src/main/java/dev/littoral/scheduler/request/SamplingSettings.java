package dev.littoral.scheduler.request;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How tokens are chosen.
 *
 * @param temperature 0 is greedy
 * @param topP above 0, at most 1
 * @param topK 0 is off
 * @param seed absent: one is drawn
 * @param maxTokens most tokens of the answer; absent: up to the context's end
 * @param stop texts that end the answer and are not part of it
 */
public record SamplingSettings(
        double temperature, double topP, int topK, OptionalLong seed, OptionalInt maxTokens, List<String> stop) {}
