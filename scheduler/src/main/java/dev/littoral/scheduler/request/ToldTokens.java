package dev.littoral.scheduler.request;

import dev.littoral.protocol.agent.v1.TokenChoice;
import java.util.ArrayList;
import java.util.List;

/** Joins the tokens that a second agent tells to those that the first one told before it died. */
final class ToldTokens {

    private final List<TokenChoice> delivered = new ArrayList<>();
    private final List<TokenChoice> ofAttempt = new ArrayList<>();
    private int characters;

    /** Takes tokens of the present attempt and gives those that were not delivered before. */
    List<TokenChoice> accept(List<TokenChoice> tokens) {
        int before = Math.max(ofAttempt.size(), delivered.size());
        ofAttempt.addAll(tokens);
        List<TokenChoice> fresh =
                ofAttempt.size() > before ? List.copyOf(ofAttempt.subList(before, ofAttempt.size())) : List.of();
        delivered.addAll(fresh);
        characters += characters(fresh);
        return fresh;
    }

    /** Expects an answer from its beginning. */
    void again() {
        ofAttempt.clear();
    }

    /** Gives all tokens of the present attempt, which is the answer from now on. */
    List<TokenChoice> takeAttempt() {
        delivered.clear();
        delivered.addAll(ofAttempt);
        characters = characters(delivered);
        return List.copyOf(delivered);
    }

    /** Counts the characters of all that were delivered. */
    int offset() {
        return characters;
    }

    static int characters(List<TokenChoice> tokens) {
        return tokens.stream()
                .mapToInt(token -> token.getChosen().getText().length())
                .sum();
    }

    List<TokenChoice> all() {
        return List.copyOf(delivered);
    }
}
