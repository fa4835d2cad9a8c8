package dev.littoral.scheduler.request;

import dev.littoral.protocol.agent.v1.TokenChoice;
import java.util.List;

/**
 * A part of an answer.
 *
 * @param choice which of the answers that were asked for, from 0
 * @param text whole characters; may be empty when only tokens are told
 * @param tokens those whose text shows by now, where the request asks for them
 * @param textOffset characters of the choice's tokens before these
 */
public record Piece(int choice, String text, List<TokenChoice> tokens, int textOffset) {

    public Piece {
        tokens = List.copyOf(tokens);
    }

    /** Makes a piece that tells no tokens. */
    public Piece(int choice, String text) {
        this(choice, text, List.of(), 0);
    }
}
