package dev.littoral.scheduler.agents;

import dev.littoral.protocol.agent.v1.Finished;
import dev.littoral.protocol.agent.v1.GenerateEvent;
import dev.littoral.protocol.agent.v1.GenerateRequest;

/**
 * Bounds what an agent claims about one answer: counts of tokens grow, from 0 to what was asked for, and the text ends.
 * Whatever reckons with them (lengths that are learned, rates, bills) need not ask again.
 */
final class Claims {

    /** No record of Kafka takes a longer answer. */
    private static final int MOST_CHARACTERS = 1 << 24;

    private static final int MOST_TOKENS = 1 << 20;

    private final int mostTokens;
    private int tokens;
    private long characters;

    Claims(GenerateRequest request) {
        int wanted = request.getSampling().getMaxTokens();
        mostTokens = wanted > 0 ? Math.min(wanted, MOST_TOKENS) : MOST_TOKENS;
    }

    /** Returns the event, its counts in bounds. */
    GenerateEvent bounded(GenerateEvent event) {
        return switch (event.getEventCase()) {
            case DELTA -> {
                characters += event.getDelta().getText().length();
                int told = event.getDelta().getCompletionTokens();
                tokens = Math.clamp(told, tokens, mostTokens);
                yield told == tokens ? event : withDelta(event);
            }
            case FINISHED -> finished(event);
            case STARTED, EVENT_NOT_SET -> event;
        };
    }

    /** Says that the agent goes on and on. */
    boolean endless() {
        return characters > MOST_CHARACTERS;
    }

    private GenerateEvent withDelta(GenerateEvent event) {
        return event.toBuilder()
                .setDelta(event.getDelta().toBuilder().setCompletionTokens(tokens))
                .build();
    }

    private GenerateEvent finished(GenerateEvent event) {
        Finished told = event.getFinished();
        int prompt = Math.clamp(told.getPromptTokens(), 0, MOST_TOKENS);
        int completion = Math.clamp(told.getCompletionTokens(), 0, mostTokens);
        if (prompt == told.getPromptTokens() && completion == told.getCompletionTokens()) {
            return event;
        }
        return event.toBuilder()
                .setFinished(told.toBuilder().setPromptTokens(prompt).setCompletionTokens(completion))
                .build();
    }
}
