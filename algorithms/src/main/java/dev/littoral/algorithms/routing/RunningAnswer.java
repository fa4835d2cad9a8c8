package dev.littoral.algorithms.routing;

/**
 * A request that holds a slot of an agent.
 *
 * @param deadlineSeconds on the clock of the decision; infinite when there is none
 * @param unreadTokens of its prompt; 0 once the answer has begun
 * @param writtenTokens of its answer
 * @param answer what was known of its length at the start
 */
public record RunningAnswer(double deadlineSeconds, double unreadTokens, double writtenTokens, LengthForecast answer) {

    /** Gives the answer tokens that are still to come. */
    public double restTokens() {
        return answer.restAfter(writtenTokens);
    }
}
