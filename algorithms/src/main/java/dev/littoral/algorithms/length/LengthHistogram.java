package dev.littoral.algorithms.length;

import java.util.Arrays;

/**
 * Expects of an answer what was seen after prompts of about the same length: the log lengths of each power of two of
 * prompt tokens, drawn towards the model's mean where there are few. Old answers fade.
 */
public final class LengthHistogram implements LengthPredictor {

    private static final int CELLS = 24;
    private static final double FEW = 8;
    private static final double MEMORY = 0.998;
    private static final double UPPER = 1.2816;

    private final double priorMean;
    private final double priorVariance;
    private final double[] counts = new double[CELLS];
    private final double[] sums = new double[CELLS];
    private final double[] squares = new double[CELLS];

    /**
     * Starts from a prior.
     *
     * @param logMean mean of {@code log(1 + tokens)}
     * @param logDeviation its standard deviation, positive
     */
    public LengthHistogram(double logMean, double logDeviation) {
        priorMean = logMean;
        priorVariance = logDeviation * logDeviation;
    }

    LengthHistogram copy() {
        LengthHistogram copy = new LengthHistogram(priorMean, Math.sqrt(priorVariance));
        System.arraycopy(counts, 0, copy.counts, 0, CELLS);
        System.arraycopy(sums, 0, copy.sums, 0, CELLS);
        System.arraycopy(squares, 0, copy.squares, 0, CELLS);
        return copy;
    }

    @Override
    public LengthForecast predict(Question question, double capTokens) {
        double mean = logMedian(question.promptTokens());
        double variance = variance();
        double deviation = Math.sqrt(variance);
        return new LengthForecast(
                Math.min(capTokens, Math.expm1(mean + variance / 2)),
                Math.min(capTokens, Math.expm1(mean)),
                Math.min(capTokens, Math.expm1(mean + UPPER * deviation)),
                LengthForecast.Source.HISTOGRAM);
    }

    /** Gives the expected {@code log(1 + tokens)}. */
    double logMedian(double promptTokens) {
        double all = (Arrays.stream(sums).sum() + FEW * priorMean)
                / (Arrays.stream(counts).sum() + FEW);
        int cell = cell(promptTokens);
        return (sums[cell] + FEW * all) / (counts[cell] + FEW);
    }

    /** Gives what would be expected without an answer of this log length that {@code later} others followed. */
    double logMedianWithout(double promptTokens, double length, int later) {
        double weight = Math.pow(MEMORY, later);
        double others = (Arrays.stream(sums).sum() - weight * length + FEW * priorMean)
                / (Arrays.stream(counts).sum() - weight + FEW);
        int cell = cell(promptTokens);
        return (sums[cell] - weight * length + FEW * others) / (counts[cell] - weight + FEW);
    }

    @Override
    public void observe(Question question, Label label) {
        double ignored = take(question, label);
    }

    /** Learns from an answer; gives the log length that it was taken for. */
    double take(Question question, Label label) {
        double length = switch (label) {
            case Label.Ended ended -> Math.log1p(ended.tokens());
            // what is left of an answer that has lasted so long, as if lengths were log-normal about the guess
            case Label.CutAt cut ->
                Math.max(logMedian(question.promptTokens()), Math.log1p(cut.tokens()) + Math.sqrt(variance()) / 2);
        };
        for (int i = 0; i < CELLS; i++) {
            counts[i] *= MEMORY;
            sums[i] *= MEMORY;
            squares[i] *= MEMORY;
        }
        int cell = cell(question.promptTokens());
        counts[cell]++;
        sums[cell] += length;
        squares[cell] += length * length;
        return length;
    }

    private double variance() {
        double count = Arrays.stream(counts).sum();
        double mean = count == 0 ? 0 : Arrays.stream(sums).sum() / count;
        double seen = Math.max(0, Arrays.stream(squares).sum() - count * mean * mean);
        return (seen + FEW * priorVariance) / (count + FEW);
    }

    private static int cell(double promptTokens) {
        return Math.clamp((int) (Math.log1p(Math.max(0, promptTokens)) / Math.log(2)), 0, CELLS - 1);
    }
}
