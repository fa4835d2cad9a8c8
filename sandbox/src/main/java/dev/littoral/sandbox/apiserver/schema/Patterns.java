package dev.littoral.sandbox.apiserver.schema;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Matches patterns with the syntax of the real server, and in a time that no pattern can make long. */
public final class Patterns {

    private static final Map<String, Pattern> COMPILED = new ConcurrentHashMap<>();

    private Patterns() {}

    /** Tells whether a pattern occurs in a text. */
    static boolean finds(String pattern, String text) {
        return COMPILED.computeIfAbsent(pattern, Pattern::compile).matcher(text).find();
    }

    /** Says why a pattern cannot be read; empty where it can. */
    public static Optional<String> fault(String pattern) {
        try {
            Pattern.compile(pattern);
            return Optional.empty();
        } catch (PatternSyntaxException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
