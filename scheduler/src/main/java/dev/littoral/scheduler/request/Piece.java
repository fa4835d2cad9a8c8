package dev.littoral.scheduler.request;

import dev.littoral.protocol.agent.v1.TokenChoice;
import java.util.List;

/**
 * A part of an answer.
 *
 * @param choice which of the answers that were asked for, from 0
 * @param text whole characters; may be empty when only tokens are told
 * @param tokens those whose text shows by now, where the request asks for them
 */
public record Piece(int choice, String text, List<TokenChoice> tokens) {

    public Piece {
        tokens = List.copyOf(tokens);
    }
}
