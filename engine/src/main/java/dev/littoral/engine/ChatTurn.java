package dev.littoral.engine;

/**
 * One message of a conversation.
 *
 * @param role such as {@code system}, {@code user} or {@code assistant}
 */
public record ChatTurn(String role, String content) {}
