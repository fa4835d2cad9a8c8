package dev.littoral.agent.serve;

import dev.littoral.engine.Sample;
import dev.littoral.engine.StopStrings;
import dev.littoral.engine.TokenStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Turns tokens into text that may be shown: whole characters, and nothing of a stop string. Knows, too, of which tokens
 * something shows.
 */
final class AnswerText {

    private final TokenStream tokens;
    private final StopStrings stops;
    private final Queue<Pending> pending = new ArrayDeque<>();
    private long decoded;
    private long shown;

    /** A token whose text begins behind {@code before} characters. */
    private record Pending(Sample sample, long before) {}

    AnswerText(TokenStream tokens, StopStrings stops) {
        this.tokens = tokens;
        this.stops = stops;
    }

    String accept(Sample sample) {
        pending.add(new Pending(sample, decoded));
        String text = tokens.accept(sample.token());
        decoded += text.length();
        return shows(stops.accept(text));
    }

    boolean stopped() {
        return stops.stopped();
    }

    /** Gives the tokens of which something shows by now, each once. */
    List<Sample> told() {
        List<Sample> told = new ArrayList<>();
        for (Pending next = pending.peek(); next != null && next.before() < shown; next = pending.peek()) {
            told.add(next.sample());
            pending.remove();
        }
        return told;
    }

    /** Gives what was held back, at the answer's end. */
    String finish() {
        String text = shows(stops.accept(tokens.finish()));
        if (stops.stopped()) {
            return text;
        }
        String rest = text + stops.finish();
        shown = Long.MAX_VALUE; // also tokens without text of their own
        return rest;
    }

    private String shows(String text) {
        shown += text.length();
        return text;
    }
}
