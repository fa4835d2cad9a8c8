package dev.littoral.engine.json;

import dev.littoral.engine.AnswerForm;

/** One answer that is a JSON object: complete when that is closed. */
public final class JsonAnswer implements AnswerForm {

    private final JsonTokens tokens;
    private final long[] allowed;
    private long state = JsonState.start();

    /** Begins one. */
    public JsonAnswer(JsonTokens tokens) {
        this.tokens = tokens;
        this.allowed = new long[tokens.words()];
    }

    @Override
    public long[] allowed() {
        tokens.allow(state, allowed);
        return allowed;
    }

    @Override
    public void accept(int token) {
        long next = complete() ? JsonState.DEAD : tokens.after(state, token);
        if (next < 0) {
            throw new IllegalArgumentException("token " + token + " does not go on with the JSON object");
        }
        state = next;
    }

    @Override
    public boolean complete() {
        return JsonState.closed(state);
    }
}
