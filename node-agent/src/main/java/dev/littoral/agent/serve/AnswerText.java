package dev.littoral.agent.serve;

import dev.littoral.engine.StopStrings;
import dev.littoral.engine.TokenStream;

/** Turns tokens into text that may be shown: whole characters, and nothing of a stop string. */
final class AnswerText {

    private final TokenStream tokens;
    private final StopStrings stops;

    AnswerText(TokenStream tokens, StopStrings stops) {
        this.tokens = tokens;
        this.stops = stops;
    }

    String accept(int token) {
        return stops.accept(tokens.accept(token));
    }

    boolean stopped() {
        return stops.stopped();
    }

    /** Gives what was held back, at the answer's end. */
    String finish() {
        String text = stops.accept(tokens.finish());
        return stops.stopped() ? text : text + stops.finish();
    }
}
