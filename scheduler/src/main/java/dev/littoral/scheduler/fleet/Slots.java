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
     * @param sender whose request it is
     */
    record Wish(
            String deployment,
            Work work,
            int priority,
            Instant deadline,
            Instant giveUpAt,
            boolean waitsForAgents,
            Cancellation holder,
            Sender sender) {

        /** Wishes for nobody in particular. */
        public Wish(
                String deployment,
                Work work,
                int priority,
                Instant deadline,
                Instant giveUpAt,
                boolean waitsForAgents,
                Cancellation holder) {
            this(deployment, work, priority, deadline, giveUpAt, waitsForAgents, holder, Sender.NOBODY);
        }
    }

    /**
     * Whose request it is.
     *
     * @param request its id, for those who ask why it went where it went
     * @param key fairness id, session or user; empty for all who name none, who count as one
     */
    record Sender(String request, String key) {

        /** Names none. */
        public static final Sender NOBODY = new Sender("", "");
    }

    /** The answer to a wish. */
    sealed interface Grant {

        /** A slot, to be closed. */
        record Slot(Lease lease) implements Grant {}

        /**
         * None.
         *
         * @param reason doubles as a metric label
         * @param again when it makes sense to ask again, as far as can be told
         */
        record None(Reason reason, Duration again) implements Grant {

            /** Knows nothing of when to ask again. */
            public None(Reason reason) {
                this(reason, RoomForecast.UNKNOWN);
            }
        }

        /**
         * None, since no agent can end the request before its deadline any more.
         *
         * @param expected time that it would take alone on the best agent
         * @param waited whether it was within reach when it came
         */
        record OutOfReach(Duration expected, boolean waited) implements Grant {}
    }

    /** Says why there is no slot. */
    enum Reason {
        /** Too many wait already. */
        QueueFull,
        /** Too many waited, and one of a higher priority came. */
        Outranked,
        /** Too many waited, most of them of this key, and one of another key came. */
        BeyondItsShare,
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
