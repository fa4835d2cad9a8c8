package dev.littoral.sandbox.demo;

/**
 * An answer as it came.
 *
 * @param via {@code HTTP} or {@code Kafka}
 * @param text the whole answer
 * @param tokens generated tokens, as the service counted them
 * @param firstTokenMillis from sending to the first piece
 * @param totalMillis from sending to the end
 * @param right whether it is the answer that was expected
 */
record Answer(String via, String text, int tokens, double firstTokenMillis, double totalMillis, boolean right) {

    /** Returns the rate after the first token; 0 where there is only one. */
    double tokensPerSecond() {
        double rest = totalMillis - firstTokenMillis;
        return tokens > 1 && rest > 0 ? (tokens - 1) * 1000.0 / rest : 0;
    }
}
