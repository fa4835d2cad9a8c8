package dev.littoral.engine;

/**
 * A chosen token.
 *
 * @param logprob natural logarithm of its probability before temperature and truncation
 * @param margin the likeliest probability less the second likeliest, before temperature and truncation
 */
public record Sample(int token, double logprob, double margin) {}
