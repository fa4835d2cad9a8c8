package dev.littoral.scheduler.bounds;

/** Numbers that need not be whole. */
public final class Amount {

    private Amount() {}

    /** Finite, 0 or more. */
    public static final class ZeroOrMore extends Bounded.Fraction {

        private static final long serialVersionUID = 1;

        /** Is made by name. */
        public ZeroOrMore() {
            super(Double::valueOf, value -> value >= 0 && value <= 1e9, "a number from 0 to 1e9");
        }
    }

    /** Above 0. */
    public static final class AboveZero extends Bounded.Fraction {

        private static final long serialVersionUID = 1;

        /** Is made by name. */
        public AboveZero() {
            super(Double::valueOf, value -> value >= 1e-9 && value <= 1e9, "a number from 1e-9 to 1e9");
        }
    }

    /** Tokens of an answer. */
    public static final class Tokens extends Bounded.Fraction {

        private static final long serialVersionUID = 1;

        /** Is made by name. */
        public Tokens() {
            super(Double::valueOf, value -> value >= 1 && value <= 1 << 20, "a number from 1 to 1048576");
        }
    }
}
