package dev.littoral.scheduler.bounds;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;
import org.eclipse.microprofile.config.spi.Converter;

/**
 * Reads the text of a setting, and refuses what is out of its bounds; whoever asks adds the setting's name and its text.
 *
 * @param <T> what is read
 */
public abstract class Bounded<T> implements Converter<T> {

    private static final long serialVersionUID = 1;

    private final transient Function<String, T> reader;
    private final transient Predicate<T> bounds;
    private final String wanted;

    /**
     * Bounds a setting.
     *
     * @param reader reads it; any exception means that the text is none
     * @param wanted says what it may be
     */
    Bounded(Function<String, T> reader, Predicate<T> bounds, String wanted) {
        this.reader = reader;
        this.bounds = bounds;
        this.wanted = wanted;
    }

    /** Reads a setting; {@link IllegalArgumentException} when it is none or out of bounds. */
    final T bounded(String text) {
        T value;
        try {
            value = reader.apply(text.strip());
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(refusal(), e);
        }
        if (!bounds.test(value)) {
            throw new IllegalArgumentException(refusal());
        }
        return value;
    }

    private String refusal() {
        return "- it must be " + wanted;
    }

    /** Reads a whole number; whoever binds settings looks for a method that returns just this. */
    abstract static class Whole extends Bounded<Integer> {

        private static final long serialVersionUID = 1;

        Whole(Function<String, Integer> reader, Predicate<Integer> bounds, String wanted) {
            super(reader, bounds, wanted);
        }

        @Override
        public final Integer convert(String text) {
            return bounded(text);
        }
    }

    /** Reads a whole number of 64 bits; whoever binds settings looks for a method that returns just this. */
    abstract static class Long64 extends Bounded<Long> {

        private static final long serialVersionUID = 1;

        Long64(Function<String, Long> reader, Predicate<Long> bounds, String wanted) {
            super(reader, bounds, wanted);
        }

        @Override
        public final Long convert(String text) {
            return bounded(text);
        }
    }

    /** Reads a whole number of 16 bits; whoever binds settings looks for a method that returns just this. */
    abstract static class Short16 extends Bounded<Short> {

        private static final long serialVersionUID = 1;

        Short16(Function<String, Short> reader, Predicate<Short> bounds, String wanted) {
            super(reader, bounds, wanted);
        }

        @Override
        public final Short convert(String text) {
            return bounded(text);
        }
    }

    /** Reads a number; whoever binds settings looks for a method that returns just this. */
    abstract static class Fraction extends Bounded<Double> {

        private static final long serialVersionUID = 1;

        Fraction(Function<String, Double> reader, Predicate<Double> bounds, String wanted) {
            super(reader, bounds, wanted);
        }

        @Override
        public final Double convert(String text) {
            return bounded(text);
        }
    }

    /** Reads a time; whoever binds settings looks for a method that returns just this. */
    abstract static class Span extends Bounded<Duration> {

        private static final long serialVersionUID = 1;

        Span(Function<String, Duration> reader, Predicate<Duration> bounds, String wanted) {
            super(reader, bounds, wanted);
        }

        @Override
        public final Duration convert(String text) {
            return bounded(text);
        }
    }

    /** Reads a whole number of 64 bits, or none; whoever binds settings looks for a method that returns just this. */
    abstract static class Optional64 extends Bounded<OptionalLong> {

        private static final long serialVersionUID = 1;

        Optional64(Function<String, OptionalLong> reader, Predicate<OptionalLong> bounds, String wanted) {
            super(reader, bounds, wanted);
        }

        @Override
        public final OptionalLong convert(String text) {
            return bounded(text);
        }
    }
}
