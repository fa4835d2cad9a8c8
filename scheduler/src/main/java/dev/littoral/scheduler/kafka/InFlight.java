package dev.littoral.scheduler.kafka;

import java.util.concurrent.Flow;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/**
 * Works on so many messages at once, each on a virtual thread of its own, and asks for another when one is done; what
 * is not asked for stays with the broker, since the connector pauses its partitions.
 */
final class InFlight implements Flow.Subscriber<Message<byte[]>> {

    private static final Logger LOG = Logger.getLogger(InFlight.class);

    /** Works on a message and says whether it may be committed. */
    @FunctionalInterface
    interface Work {
        boolean on(Message<byte[]> message) throws InterruptedException;
    }

    private final int most;
    private final Work work;
    private volatile Flow.Subscription subscription = new Flow.Subscription() {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    };

    InFlight(int most, Work work) {
        this.most = most;
        this.work = work;
    }

    @Override
    public void onSubscribe(Flow.Subscription now) {
        subscription = now;
        now.request(most);
    }

    @Override
    public void onNext(Message<byte[]> message) {
        Thread.ofVirtual().name("kafka-request").start(() -> {
            try {
                if (work.on(message)) {
                    var ignored = message.ack();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                subscription.request(1);
            }
        });
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
