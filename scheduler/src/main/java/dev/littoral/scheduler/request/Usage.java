package dev.littoral.scheduler.request;

/** Counts the tokens of a request. */
public record Usage(int promptTokens, int completionTokens) {}
