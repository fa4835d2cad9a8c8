package dev.littoral.agent.serve;

import java.time.Duration;

/** Hears what happens to answers, for metrics; calls come from many threads and must be quick. */
public interface Observations {

    /** Hears nothing. */
    Observations NONE = new Observations() {
        @Override
        public void promptTaken(int tokens) {}

        @Override
        public void firstToken(Duration sinceArrival) {}

        @Override
        public void tokensGiven(int tokens) {}

        @Override
        public void answerEnded(String outcome) {}
    };

    /** A prompt of this many tokens got its slots. */
    void promptTaken(int tokens);

    /** The first token of an answer is there. */
    void firstToken(Duration sinceArrival);

    /** An answer ended after this many tokens. */
    void tokensGiven(int tokens);

    /** An answer ended: a finish reason, a {@link Reason}, or {@code Cancelled}. */
    void answerEnded(String outcome);
}
