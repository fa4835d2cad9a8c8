package dev.littoral.algorithms.routing;

/**
 * Fits {@code a l + b1 (1 + s (n - 1)) L} to what one agent was seen to take, the recent past above all.
 *
 * <p>Weighted least squares of the seconds per token over {@code n - 1}, in recursive form: sums that fade by half every
 * {@code halfLifeSeconds}, with the agent's own claim as a prior. Without news the fit goes back to the claim. Ours.
 */
public final class ServiceFit {

    /** Tokens that the claim counts as; a second or two of real tokens outweighs it. */
    private static final double PRIOR_TOKENS = 4;

    private static final double LEAST_SHARE = 0.01;

    private final double halfLifeSeconds;
    private double lastSeconds;
    private double promptTokens;
    private double promptSeconds;
    private double tokens;
    private double crowd;
    private double crowdSquared;
    private double seconds;
    private double crowdSeconds;

    /**
     * Starts without observations.
     *
     * @param halfLifeSeconds after which an observation counts half, above 0
     */
    public ServiceFit(double halfLifeSeconds) {
        if (!(halfLifeSeconds > 0 && halfLifeSeconds < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("halfLifeSeconds must be positive and finite: " + halfLifeSeconds);
        }
        this.halfLifeSeconds = halfLifeSeconds;
    }

    /** Gives one that learns from here on by itself. */
    public ServiceFit copy() {
        ServiceFit copy = new ServiceFit(halfLifeSeconds);
        copy.lastSeconds = lastSeconds;
        copy.promptTokens = promptTokens;
        copy.promptSeconds = promptSeconds;
        copy.tokens = tokens;
        copy.crowd = crowd;
        copy.crowdSquared = crowdSquared;
        copy.seconds = seconds;
        copy.crowdSeconds = crowdSeconds;
        return copy;
    }

    /** Notes that a prompt was read; what is no observation is passed over. */
    public void read(double nowSeconds, double promptTokensRead, double took) {
        if (promptTokensRead > 0 && took > 0 && took < Double.POSITIVE_INFINITY) {
            fade(nowSeconds);
            promptTokens += promptTokensRead;
            promptSeconds += took;
        }
    }

    /**
     * Notes that a sequence got tokens; what is no observation is passed over.
     *
     * @param sequences that ran beside each other, itself included; may be a mean
     */
    public void wrote(double nowSeconds, double tokensWritten, double took, double sequences) {
        if (tokensWritten > 0 && took > 0 && took < Double.POSITIVE_INFINITY && sequences >= 1) {
            fade(nowSeconds);
            double others = sequences - 1;
            tokens += tokensWritten;
            crowd += tokensWritten * others;
            crowdSquared += tokensWritten * others * others;
            seconds += took;
            crowdSeconds += others * took;
        }
    }

    /** Gives the fit at this moment; {@code claimed} is what the agent says of itself. */
    public ServiceTimes at(double nowSeconds, ServiceTimes claimed) {
        fade(nowSeconds);
        double perPrompt =
                (promptSeconds + PRIOR_TOKENS * claimed.secondsPerPromptToken()) / (promptTokens + PRIOR_TOKENS);
        double alone = claimed.secondsPerAnswerToken();
        // the claim: half of its tokens alone, half beside one other
        double half = PRIOR_TOKENS / 2;
        double weight = tokens + PRIOR_TOKENS;
        double sumX = crowd + half;
        double sumXX = crowdSquared + half;
        double sumY = seconds + half * alone + half * claimed.perToken(2);
        double sumXY = crowdSeconds + half * claimed.perToken(2);
        double slope = Math.max(0, (weight * sumXY - sumX * sumY) / (weight * sumXX - sumX * sumX));
        double intercept = (sumY - slope * sumX) / weight;
        double mean = sumY / weight;
        double fitted = Math.max(intercept, LEAST_SHARE * mean);
        return new ServiceTimes(perPrompt, fitted, Math.min(slope, mean) / fitted);
    }

    private void fade(double nowSeconds) {
        double past = nowSeconds - lastSeconds;
        if (past > 0) {
            double keep = Math.pow(0.5, past / halfLifeSeconds);
            promptTokens *= keep;
            promptSeconds *= keep;
            tokens *= keep;
            crowd *= keep;
            crowdSquared *= keep;
            seconds *= keep;
            crowdSeconds *= keep;
            lastSeconds = nowSeconds;
        }
    }
}
