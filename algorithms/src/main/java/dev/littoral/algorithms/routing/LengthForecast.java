package dev.littoral.algorithms.routing;

/**
 * What is known of an answer's length before it ends: a log-normal law through its median and upper quantile.
 *
 * <p>Ours: lengths of answers to prompts that look alike are close to log-normal, and two quantiles are what a predictor
 * gives. All that a rule asks is in closed form.
 *
 * @param meanTokens expected tokens, above 0
 * @param medianTokens tokens that half of such answers exceed, above 0
 * @param upperTokens tokens that one in ten of such answers exceeds, at least the median
 */
public record LengthForecast(double meanTokens, double medianTokens, double upperTokens) {

    /** Standard normal quantile of 0.9. */
    private static final double UPPER_DEVIATE = 1.2815515655446004;

    /** Bounds how sure a forecast may be, so that no probability is a step. */
    private static final double LEAST_SPREAD = 0.02;

    /** How far the pace of an agent strays, as the spread of a logarithm; measured best over traces and fleets. */
    private static final double PACE_SPREAD = 0.2;

    /** Bounds what an answer that has outrun its forecast still needs, as a share of what it has. */
    private static final double LEAST_REST = 0.02;

    /** Rejects numbers that are no lengths. */
    public LengthForecast {
        if (!(meanTokens > 0 && meanTokens < Double.POSITIVE_INFINITY)
                || !(medianTokens > 0)
                || !(upperTokens >= medianTokens && upperTokens < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "a forecast needs a finite positive mean and median and an upper quantile"
                            + " that is not below the median: " + meanTokens + ", " + medianTokens + ", "
                            + upperTokens);
        }
    }

    /** States a length that is known. */
    public static LengthForecast exactly(double tokens) {
        return new LengthForecast(tokens, tokens, tokens);
    }

    /** Gives the probability that the answer has at most this many tokens. */
    public double probabilityUpTo(double tokens) {
        return tokens <= 0 ? 0 : normal(deviate(tokens));
    }

    /** Gives the probability that an answer that already has {@code written} tokens ends within {@code more} tokens. */
    public double probabilityUpTo(double written, double more) {
        return within(written, more, spread());
    }

    /**
     * Gives the same for tokens that were reckoned from a time: though the length were known, what else its agent will do is
     * not, so that the law is never narrower than {@link #PACE_SPREAD}.
     */
    double chanceWithin(double written, double more) {
        return within(written, more, Math.max(spread(), PACE_SPREAD));
    }

    private double within(double written, double more, double spread) {
        if (more <= 0) {
            return 0;
        }
        double longer = written <= 0 ? 1 : normal(-deviate(written, spread));
        if (longer < 1e-9) {
            return 1 - Math.exp(-more / (LEAST_REST * written));
        }
        return Math.clamp(1 - normal(-deviate(written + more, spread)) / longer, 0, 1);
    }

    /** Gives the expected tokens that an answer of {@code written} tokens still gets; never quite 0. */
    public double restAfter(double written) {
        if (written <= 0) {
            return meanTokens;
        }
        double spread = spread();
        double deviate = deviate(written);
        double longer = normal(-deviate);
        double least = LEAST_REST * written;
        if (longer < 1e-9) {
            return least;
        }
        double meanOfLonger = medianTokens * Math.exp(spread * spread / 2) * normal(spread - deviate) / longer;
        return Math.max(meanOfLonger - written, least);
    }

    /**
     * Gives the length that one in ten answers exceeds of those that already have {@code written} tokens; the room that such
     * an answer keeps in memory.
     */
    public double upperAfter(double written) {
        if (written <= 0) {
            return upperTokens;
        }
        double longer = normal(-deviate(written));
        if (longer < 1e-9) {
            return written * (1 + LEAST_REST);
        }
        return Math.max(written, medianTokens * Math.exp(-spread() * quantile(0.1 * longer)));
    }

    /** Standard normal quantile for probabilities up to one half, to 5e-4 (Abramowitz and Stegun, 1964, 26.2.23). */
    private static double quantile(double probability) {
        if (probability > 0.5) {
            return -quantile(1 - probability);
        }
        double t = Math.sqrt(-2 * Math.log(probability));
        return -(t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))));
    }

    private double deviate(double tokens) {
        return deviate(tokens, spread());
    }

    private double deviate(double tokens, double spread) {
        return Math.log(tokens / medianTokens) / spread;
    }

    private double spread() {
        return Math.max(Math.log(upperTokens / medianTokens) / UPPER_DEVIATE, LEAST_SPREAD);
    }

    /** Standard normal distribution function, to 1e-7 (Abramowitz and Stegun, 1964, 26.2.17). */
    private static double normal(double x) {
        double t = 1 / (1 + 0.2316419 * Math.abs(x));
        double tail = Math.exp(-x * x / 2)
                * 0.3989422804014327
                * t
                * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        return x >= 0 ? 1 - tail : tail;
    }
}
