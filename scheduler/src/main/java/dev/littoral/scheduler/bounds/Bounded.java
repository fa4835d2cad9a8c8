package dev.littoral.scheduler.bounds;

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
    @Override
    public final T convert(String text) {
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
}
