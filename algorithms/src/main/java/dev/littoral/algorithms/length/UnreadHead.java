package dev.littoral.algorithms.length;

import java.util.Optional;

/**
 * What is known at one time of a model's answers whatever was asked; immutable.
 *
 * @param histogram tells mean and median
 * @param spread of log lengths about the histogram's median; empty while too few were seen
 * @param miss share of answers that the upper bound is meant to miss, as calibration last set it
 */
record UnreadHead(LengthHistogram histogram, Optional<Spread> spread, double miss) {

    /** Predicts by the prompt's length alone; the bound is conformal where the spread is known. */
    LengthForecast forecast(Question question, double capTokens) {
        LengthForecast plain = histogram.predict(question, capTokens);
        double median = histogram.logMedian(question.promptTokens());
        return spread.map(errors -> Math.min(capTokens, Math.expm1(median + errors.bound(miss))))
                .map(upper -> new LengthForecast(
                        plain.meanTokens(),
                        plain.medianTokens(),
                        Math.max(plain.medianTokens(), upper),
                        plain.source()))
                .orElse(plain);
    }
}
