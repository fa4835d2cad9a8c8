package dev.littoral.scheduler.rounds;

import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Goes round and round on a thread of its own until it is interrupted. A round that fails, be it with an error, is logged
 * and not the last: what is done in the background is missed by nobody at once, and must not end unnoticed.
 */
public final class EndlessThread {

    /** What is done in one round, its own waiting included. */
    @FunctionalInterface
    public interface Round {

        /** Goes round once. */
        void go() throws InterruptedException;
    }

    private static final Logger LOG = Logger.getLogger(EndlessThread.class);

    /** Keeps what fails at once from filling the log, and a core. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private EndlessThread() {}

    /** Starts to go round on a thread that is made by {@code builder}; interrupt it to end. */
    public static Thread start(Thread.Builder builder, String name, Round round) {
        return start(builder, name, PAUSE, round);
    }

    static Thread start(Thread.Builder builder, String name, Duration pause, Round round) {
        return builder.name(name).start(() -> {
            try {
                while (true) {
                    once(name, pause, round);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void once(String name, Duration pause, Round round) throws InterruptedException {
        try {
            round.go();
        } catch (RuntimeException | Error e) {
            // first of all: where memory is short, others may give some back
            Thread.sleep(pause);
            say(name, e);
        }
    }

    private static void say(String name, Throwable failure) {
        try {
            LOG.errorf(failure, "a round of %s failed; it goes on", name);
        } catch (RuntimeException | Error e) {
            // what fails here, since memory is still short, must not end the rounds: the next failure is said, or none
            // comes
        }
    }
}
