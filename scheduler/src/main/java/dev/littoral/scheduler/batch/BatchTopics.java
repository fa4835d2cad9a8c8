package dev.littoral.scheduler.batch;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Sends the requests of batches and hears of their finals. */
public interface BatchTopics {

    /** Takes the final of a request; may come twice. */
    @FunctionalInterface
    interface Listener {

        /** Takes one: the request's id and the final's value. */
        void ended(String requestId, byte[] finalResponse);
    }

    /** Ends the listening. */
    interface Listening extends AutoCloseable {

        @Override
        void close();
    }

    /** Returns where the answers end now, by partition. */
    Map<Integer, Long> ends();

    /** Sends a request; done when the broker has it. */
    CompletableFuture<?> ask(String id, byte[] body, Instant deadline, int priority);

    /** Asks for the end of a request. */
    void cancel(String id);

    /** Hears of all finals from these places on. */
    Listening listen(Map<Integer, Long> from, Listener listener);
}
