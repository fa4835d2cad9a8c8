package dev.littoral.algorithms.length;

/** What a {@link ModelLearner} knew at one time; never changes, so that many threads may predict with it. */
public final class ModelView {

    private final ModelHead head;
    private final UnreadHead unread;
    private final boolean trusted;

    ModelView(ModelHead head, UnreadHead unread, boolean trusted) {
        this.head = head;
        this.unread = unread;
        this.trusted = trusted;
    }

    /**
     * Predicts a length: by the prompt's words where they were read and have served better of late than the histogram,
     * else by the histogram.
     *
     * @param capTokens most tokens that the answer may have, at least 1; infinite where there is no limit
     */
    public LengthForecast predict(Question question, double capTokens) {
        return question.probe()
                .filter(probe -> trusted)
                .map(probe -> head.forecast(probe, capTokens))
                .orElseGet(() -> unread.forecast(question, capTokens));
    }
}
