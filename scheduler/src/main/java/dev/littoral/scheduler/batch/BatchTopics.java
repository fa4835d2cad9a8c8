package dev.littoral.scheduler.batch;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Sends the requests of batches and hears of their finals. */
public interface BatchTopics {

    /** What became of a request that was sent. */
    sealed interface Sent {

        /** The broker has it. */
        record Taken() implements Sent {}

        /** The broker will not take it, however often it is sent. */
        record NeverTaken(String code, String message) implements Sent {}
    }

    /** Takes the final of a request; may come twice. */
    @FunctionalInterface
    interface Listener {

        /**
         * Takes one: the request's id and the final's value, both as whoever wrote them wanted.
         *
         * @throws IOException when it cannot be kept now and is to come again
         */
        void ended(String requestId, byte[] finalResponse) throws IOException;
    }

    /** Ends the listening. */
    interface Listening extends AutoCloseable {

        @Override
        void close();
    }

    /** Returns where the answers end now, by partition. */
    Map<Integer, Long> ends();

    /** Returns the bytes of the longest body that is run. */
    int maxRequestBytes();

    /** Sends a request; done when the broker has it or never will, failed when it makes sense to try again. */
    CompletableFuture<Sent> ask(String id, byte[] body, Instant deadline, int priority);

    /** Asks for the end of a request. */
    void cancel(String id);

    /** Hears of all finals from these places on. */
    Listening listen(Map<Integer, Long> from, Listener listener);
}
