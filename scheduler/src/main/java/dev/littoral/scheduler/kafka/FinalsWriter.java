package dev.littoral.scheduler.kafka;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Writes the finals of one partition of requests. */
interface FinalsWriter {

    /** Completes a write of somebody whose partition is another's by now: whoever has it runs the request. */
    final class NotOurs extends Exception {

        NotOurs(String message) {
            super(message);
        }
    }

    /**
     * Writes the last records of a request, its final behind the others, and says where the final lies; absent: it lies
     * there already.
     *
     * @param requestId of the request that it ends
     */
    CompletableFuture<OptionalLong> write(String requestId, List<Publisher.Outgoing> last) throws InterruptedException;

    /** Keeps everybody else from writing finals of this partition. Blocks until the broker has confirmed it. */
    void fence();

    /** Starts to write, all but what the requests of these ids have already. */
    void resume(Set<String> ended);

    /** Says whether what was given is on its way. */
    boolean writes();

    /** Gives up what is not written; later writes fail with {@link NotOurs}. */
    void close();

    /** Writes without a fence, as whoever calls it asks: a writer that was taken for dead may write a second final. */
    static FinalsWriter unfenced(Publisher publisher) {
        return new FinalsWriter() {
            @Override
            public CompletableFuture<OptionalLong> write(String requestId, List<Publisher.Outgoing> last)
                    throws InterruptedException {
                for (Publisher.Outgoing chunk : last.subList(0, last.size() - 1)) {
                    var ignored = publisher.response(chunk);
                }
                return publisher.response(last.getLast());
            }

            @Override
            public void fence() {}

            @Override
            public void resume(Set<String> ended) {}

            @Override
            public boolean writes() {
                return true;
            }

            @Override
            public void close() {}
        };
    }
}
