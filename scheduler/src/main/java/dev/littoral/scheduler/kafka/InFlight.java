package dev.littoral.scheduler.kafka;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Flow;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/**
 * Works on so many messages, and so many of their bytes, at once, each on a virtual thread of its own, and asks for
 * another when one is done; what is not asked for stays with the broker, since the connector pauses its partitions.
 */
final class InFlight implements Flow.Subscriber<Message<byte[]>> {

    private static final Logger LOG = Logger.getLogger(InFlight.class);

    /** What is asked for comes, whatever its length: no more is than has room if it is as long as the last ones. */
    private static final int MOST_ASKED_FOR = 32;

    /** How fast long messages are forgotten: by this part with each shorter one. */
    private static final int FORGETTING = 8;

    /** Times that a message is begun before it is given up. */
    private static final int MOST_ATTEMPTS = 3;

    /** What is done with messages; both say whether the message may be committed. */
    interface Work {

        /** Works on a message. */
        boolean on(Message<byte[]> message) throws InterruptedException;

        /** Ends a message that cannot be worked on, by a fault of this program's own. */
        boolean giveUp(Message<byte[]> message) throws InterruptedException;
    }

    private final int most;
    private final long mostBytes;
    private final Duration pause;
    private final Work work;
    private volatile Flow.Subscription subscription = new Flow.Subscription() {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    };

    private int askedFor;
    private int running;
    private long heldBytes;
    private long expectedBytes;

    /**
     * Asks for messages once it is subscribed.
     *
     * @param expectedBytes length of a message while none was seen
     * @param pause before a message that failed is begun anew
     */
    InFlight(int most, long mostBytes, int expectedBytes, Duration pause, Work work) {
        this.most = most;
        this.mostBytes = mostBytes;
        this.expectedBytes = Math.max(1, expectedBytes);
        this.pause = pause;
        this.work = work;
    }

    @Override
    public void onSubscribe(Flow.Subscription now) {
        subscription = now;
        ask();
    }

    private void ask() {
        int more;
        synchronized (this) {
            long room = (mostBytes - heldBytes) / expectedBytes - askedFor;
            long wanted = Math.min(room, Math.min(MOST_ASKED_FOR - askedFor, most - running - askedFor));
            more = (int) Math.max(askedFor + running == 0 ? 1 : 0, wanted);
            askedFor += more;
        }
        if (more > 0) {
            subscription.request(more);
        }
    }

    @Override
    public void onNext(Message<byte[]> message) {
        int bytes = Optional.ofNullable(message.getPayload())
                .map(value -> value.length)
                .orElse(0);
        synchronized (this) {
            askedFor--;
            running++;
            heldBytes += bytes;
            expectedBytes = Math.max(Math.max(1, bytes), expectedBytes - expectedBytes / FORGETTING);
        }
        Thread.ofVirtual().name("kafka-request").start(() -> {
            try {
                if (toItsEnd(message)) {
                    var ignored = message.ack();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                synchronized (this) {
                    running--;
                    heldBytes -= bytes;
                }
                ask();
            }
        });
        ask();
    }

    /** Nobody else works on a message while it is held here: what fails, be it with an error, is begun anew. */
    private boolean toItsEnd(Message<byte[]> message) throws InterruptedException {
        int failures = 0;
        while (true) {
            try {
                return failures < MOST_ATTEMPTS ? work.on(message) : work.giveUp(message);
            } catch (RuntimeException | Error e) {
                failures++;
                // first of all: where memory is short, others may give some back
                Thread.sleep(pause);
                LOG.errorf(e, "a request record failed %d times and is begun anew", failures);
            }
        }
    }

    @Override
    public void onError(Throwable failure) {
        LOG.error("requests are no longer read from Kafka", failure);
    }

    @Override
    public void onComplete() {
        LOG.debug("requests have ended");
    }
}
