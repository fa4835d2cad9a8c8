package dev.littoral.bench.simulation;

/**
 * A request of a trace.
 *
 * @param seconds since the trace began
 * @param promptTokens at least 1
 * @param answerTokens at least 1
 */
record Arrival(double seconds, double promptTokens, double answerTokens) {}
