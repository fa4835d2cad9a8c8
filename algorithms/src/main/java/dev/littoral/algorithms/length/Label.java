package dev.littoral.algorithms.length;

/** What became known of an answer's length. */
public sealed interface Label {

    /** Gives the tokens that were seen. */
    int tokens();

    /** The answer came to its own end after so many tokens. */
    record Ended(int tokens) implements Label {

        /** Rejects negative lengths. */
        public Ended {
            Require.tokens(tokens);
        }
    }

    /** A limit, a deadline or the reader cut the answer after so many tokens: it would have been at least as long. */
    record CutAt(int tokens) implements Label {

        /** Rejects negative lengths. */
        public CutAt {
            Require.tokens(tokens);
        }
    }
}
