package dev.littoral.scheduler.bounds;

import java.util.OptionalLong;

/** Counts of things. */
public final class Count {

    private static final String ONE_OR_MORE = "a whole number, 1 or more";

    private Count() {}

    /** At least one. */
    public static final class OneOrMore extends Bounded.Whole {

        private static final long serialVersionUID = 1;

        /** Is made by name. */
        public OneOrMore() {
            super(Integer::valueOf, value -> value >= 1, ONE_OR_MORE);
        }
    }

    /** At least one, of what there may be much. */
    public static final class LongOneOrMore extends Bounded.Long64 {

        private static final long serialVersionUID = 1;

        /** Is made by name. */
        public LongOneOrMore() {
            super(Long::valueOf, value -> value >= 1, ONE_OR_MORE);
        }
    }

    /** At least one, where the setting is there. */
    public static final class LongIfAnyOneOrMore extends Bounded.Optional64 {

        private static final long serialVersionUID = 1;

        /** Is made by name. */
        public LongIfAnyOneOrMore() {
            super(
                    text -> text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text)),
                    value -> value.orElse(1) >= 1,
                    ONE_OR_MORE);
        }
    }

    /** None, or some. */
    public static final class ZeroOrMore extends Bounded.Whole {

        private static final long serialVersionUID = 1;

        /** Is made by name. */
        public ZeroOrMore() {
            super(Integer::valueOf, value -> value >= 0, "a whole number, 0 or more");
        }
    }

    /** None, or some, of what there may be much. */
    public static final class LongZeroOrMore extends Bounded.Long64 {

        private static final long serialVersionUID = 1;

        /** Is made by name. */
        public LongZeroOrMore() {
            super(Long::valueOf, value -> value >= 0, "a whole number, 0 or more");
        }
    }

    /** Of threads. */
    public static final class Threads extends Bounded.Whole {

        private static final long serialVersionUID = 1;

        /** Is made by name. */
        public Threads() {
            super(Integer::valueOf, value -> value >= 1 && value <= 256, "a whole number from 1 to 256");
        }
    }

    /** Of bits per weight. */
    public static final class Bits extends Bounded.Whole {

        private static final long serialVersionUID = 1;

        /** Is made by name. */
        public Bits() {
            super(Integer::valueOf, value -> value >= 0 && value <= 64, "a whole number from 0 to 64");
        }
    }

    /** Of requests that schedulers tell each other of. */
    public static final class Listed extends Bounded.Whole {

        private static final long serialVersionUID = 1;

        /** Is made by name. */
        public Listed() {
            super(Integer::valueOf, value -> value >= 1 && value <= 256, "a whole number from 1 to 256");
        }
    }

    /** Of requests from Kafka in progress. */
    public static final class InFlight extends Bounded.Whole {

        private static final long serialVersionUID = 1;

        /** Is made by name. */
        public InFlight() {
            super(Integer::valueOf, value -> value >= 1 && value <= 512, "a whole number from 1 to 512");
        }
    }

    /** Of replicas of a topic. */
    public static final class Replicas extends Bounded.Short16 {

        private static final long serialVersionUID = 1;

        /** Is made by name. */
        public Replicas() {
            super(Short::valueOf, value -> value == -1 || value >= 1, "-1, or a whole number from 1 to 32767");
        }
    }
}
