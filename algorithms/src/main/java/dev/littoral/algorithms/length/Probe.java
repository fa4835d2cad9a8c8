package dev.littoral.algorithms.length;

/**
 * A prompt made ready for prediction.
 *
 * @param features what is kept of it
 * @param row its scaled features
 * @param similarities to the prompts of the warm factor
 * @param warm the warm factor's guess, in standard deviations of the factor
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
public record Probe(Features features, Similarity.Row row, double[] similarities, double warm) {}
