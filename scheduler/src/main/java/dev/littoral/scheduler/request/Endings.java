package dev.littoral.scheduler.request;

import dev.littoral.scheduler.directory.Deployment;

/** Is told how the requests of deployments ended. */
@FunctionalInterface
public interface Endings {

    /** Keeps no book. */
    Endings UNCOUNTED = (deployment, missedDeadline, answerTokens) -> {};

    /**
     * Notes a request that was answered, or dropped because of its deadline.
     *
     * @param missedDeadline whether its deadline passed, or was out of reach
     * @param answerTokens 0 when it was not answered
     */
    void ended(Deployment deployment, boolean missedDeadline, int answerTokens);
}
