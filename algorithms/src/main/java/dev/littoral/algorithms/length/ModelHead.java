package dev.littoral.algorithms.length;

import java.util.Arrays;
import java.util.Optional;

/**
 * What is known of one model's answers at one time; immutable.
 *
 * @param offset mean of its log lengths
 * @param slope of its log lengths over the process
 * @param process predicts a prompt's factor for this model; empty where only the warm factor is known
 * @param spread of log lengths about the prediction
 * @param miss share of answers that the upper bound is meant to miss, as calibration last set it
 * @param source what a forecast rests on
 */
record ModelHead(
        double offset,
        double slope,
        Optional<PromptProcess> process,
        Spread spread,
        double miss,
        LengthForecast.Source source) {

    /** Predicts the median of {@code log(1 + tokens)}, but for the spread's own. */
    double center(Probe probe) {
        return offset + slope * process.map(own -> own.at(probe)).orElse(probe.warm());
    }

    ModelHead missing(double share) {
        return new ModelHead(offset, slope, process, spread, share, source);
    }

    LengthForecast forecast(Probe probe, double capTokens) {
        double center = center(probe);
        double mean = Arrays.stream(spread.cells())
                .map(error -> Math.min(capTokens, tokens(center + error)))
                .average()
                .orElseThrow();
        return new LengthForecast(
                mean,
                Math.min(capTokens, tokens(center + spread.at(0.5))),
                Math.min(capTokens, tokens(center + spread.bound(miss))),
                source);
    }

    private static double tokens(double logTokens) {
        return Math.max(1, Math.expm1(logTokens));
    }
}
