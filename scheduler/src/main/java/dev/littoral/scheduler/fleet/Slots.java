package dev.littoral.scheduler.fleet;

import dev.littoral.algorithms.routing.Work;
import dev.littoral.scheduler.request.Cancellation;
import java.time.Duration;
import java.time.Instant;

/** Hands out slots of agents. */
public interface Slots {

    /**
     * A wish for a slot.
     *
     * @param deployment namespace/name
     * @param deadline of the request
     * @param giveUpAt when the wait is too long; bounded by the deadline
     * @param waitsForAgents whether to wait while no replica is ready
     */
    record Wish(
            String deployment,
            Work work,
            int priority,
            Instant deadline,
            Instant giveUpAt,
            boolean waitsForAgents,
            Cancellation holder) {}

    /** The answer to a wish. */
    sealed interface Grant {

        /** A slot, to be closed. */
        record Slot(Lease lease) implements Grant {}

        /** None; the reason doubles as a metric label. */
        record None(Reason reason) implements Grant {}

        /**
         * None, since no agent can end the request before its deadline any more.
         *
         * @param expected time that it would take alone on the best agent
         */
        record OutOfReach(Duration expected) implements Grant {}
    }

    /** Says why there is no slot. */
    enum Reason {
        /** Too many wait already. */
        QueueFull,
        /** Nothing came free in time. */
        WaitedTooLong,
        /** The deadline passed. */
        DeadlinePassed,
        /** No replica is ready. */
        NoReplica
    }

    /** Waits for a slot. */
    Grant acquire(Wish wish) throws InterruptedException;
}
