package dev.littoral.algorithms.routing;

/**
 * A request that no agent has begun yet. Times are seconds on one clock.
 *
 * @param id distinct among those that wait
 * @param arrivalSeconds when it came
 * @param deadlineSeconds after which its answer is of no use; infinite when there is none
 * @param promptTokens length of its prompt
 * @param answer what is known of its answer's length
 * @param share whose it is
 * @param prefix by which its prompt's beginning is known again
 */
public record WaitingRequest(
        long id,
        double arrivalSeconds,
        double deadlineSeconds,
        double promptTokens,
        LengthForecast answer,
        FairShare share,
        PromptPrefix prefix) {

    /** States a request that is nobody's and whose prompt is like no other. */
    public WaitingRequest(
            long id, double arrivalSeconds, double deadlineSeconds, double promptTokens, LengthForecast answer) {
        this(id, arrivalSeconds, deadlineSeconds, promptTokens, answer, FairShare.NOBODY, PromptPrefix.NONE);
    }

    /** Gives it anew with what its sender owes now. */
    public WaitingRequest owing(FairShare now) {
        return now.equals(share)
                ? this
                : new WaitingRequest(id, arrivalSeconds, deadlineSeconds, promptTokens, answer, now, prefix);
    }
}
