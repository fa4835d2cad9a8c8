package dev.littoral.algorithms.routing;

/**
 * A request that no agent has begun yet. Times are seconds on one clock.
 *
 * @param id distinct among those that wait
 * @param arrivalSeconds when it came
 * @param deadlineSeconds after which its answer is of no use; infinite when there is none
 * @param promptTokens length of its prompt
 * @param answer what is known of its answer's length
 */
public record WaitingRequest(
        long id, double arrivalSeconds, double deadlineSeconds, double promptTokens, LengthForecast answer) {}
