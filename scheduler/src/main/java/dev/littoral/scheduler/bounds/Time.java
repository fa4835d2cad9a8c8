package dev.littoral.scheduler.bounds;

import io.quarkus.runtime.configuration.DurationConverter;
import java.time.Duration;

/** Spans of time, none of them so long that it cannot be counted. */
public final class Time {

    private static final Duration LONGEST = Duration.ofDays(365);

    private Time() {}

    private static Duration read(String text) {
        return new DurationConverter().convert(text);
    }

    private static boolean within(Duration value, Duration least, Duration most) {
        return value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
    }

    /** Between two rounds of what goes on and on: none is endless, and none keeps a core busy. */
    public static final class Interval extends Bounded.Span {

        private static final long serialVersionUID = 1;

        /** Is made by name. */
        public Interval() {
            super(
                    Time::read,
                    value -> within(value, Duration.ofMillis(10), Duration.ofHours(1)),
                    "a duration from 10ms to 1h");
        }
    }

    /** Some time, not none. */
    public static final class Span extends Bounded.Span {

        private static final long serialVersionUID = 1;

        /** Is made by name. */
        public Span() {
            super(Time::read, value -> within(value, Duration.ofMillis(1), LONGEST), "a duration from 1ms to 365d");
        }
    }

    /** A wait, which may be none. */
    public static final class Wait extends Bounded.Span {

        private static final long serialVersionUID = 1;

        /** Is made by name. */
        public Wait() {
            super(Time::read, value -> within(value, Duration.ZERO, LONGEST), "a duration from 0s to 365d");
        }
    }

    /** What is not to be over by chance. */
    public static final class Lasting extends Bounded.Span {

        private static final long serialVersionUID = 1;

        /** Is made by name. */
        public Lasting() {
            super(Time::read, value -> within(value, Duration.ofSeconds(1), LONGEST), "a duration from 1s to 365d");
        }
    }
}
