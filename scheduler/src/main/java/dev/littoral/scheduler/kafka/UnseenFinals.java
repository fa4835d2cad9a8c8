package dev.littoral.scheduler.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jboss.logging.Logger;

/**
 * Keeps finals whose commit the coordinator has taken until readers of what is committed can read them. A coordinator that
 * finds a partition without a leader, as a broker that was killed does, takes it for deleted and never writes its mark: what
 * it has said yes to then hangs there, is aborted in the end, and must be written again.
 */
final class UnseenFinals {

    private static final Logger LOG = Logger.getLogger(UnseenFinals.class);

    private static final int FEW = 32;
    private static final int RARELY = 5;

    private record Unseen(PendingFinal pending, int partition, long offset, long sinceNanos) {}

    private final StableEnds ends;
    private final Duration pause;
    private final Duration patience;
    private final LongSupplier nanoTime;
    private final List<Unseen> unseen = new ArrayList<>();
    /** Whose watch it is; 0: nobody's. */
    private int watch;

    private int watches;
    private boolean said;

    /**
     * Keeps nothing yet.
     *
     * @param pause between two looks while many wait; five times as long while few do
     * @param patience after which a final that cannot be read, though the broker answers, is not waited for
     */
    UnseenFinals(StableEnds ends, Duration pause, Duration patience, LongSupplier nanoTime) {
        this.ends = ends;
        this.pause = pause;
        this.patience = patience;
        this.nanoTime = nanoTime;
    }

    synchronized void add(PendingFinal pending, RecordMetadata at) {
        unseen.add(new Unseen(pending, at.partition(), at.offset(), nanoTime.getAsLong()));
        notifyAll();
    }

    synchronized boolean holds(PendingFinal pending) {
        return unseen.stream().anyMatch(each -> each.pending().equals(pending));
    }

    /** Begins a watch, in which {@link #watch} goes on until {@link #leave}. */
    synchronized int enter() {
        watch = ++watches;
        return watch;
    }

    /** Ends the watch: from here on nobody is told anything. */
    synchronized void leave() {
        watch = 0;
        notifyAll();
    }

    /** Takes out what nobody has seen. */
    synchronized List<PendingFinal> take() {
        List<PendingFinal> left = unseen.stream().map(Unseen::pending).toList();
        unseen.clear();
        return left;
    }

    /** Tells those who wait once their finals can be read; false when some cannot for longer than there is patience. */
    boolean watch(int mine) {
        try {
            while (true) {
                List<Unseen> now = some(mine);
                if (now.isEmpty()) {
                    return true;
                }
                if (!look(now, mine)) {
                    return false;
                }
                // a question costs scheduler and broker as much as a request does, and few that wait hold nobody up
                Thread.sleep(now.size() < FEW ? pause.multipliedBy(RARELY) : pause);
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private synchronized List<Unseen> some(int mine) throws InterruptedException {
        while (watch == mine && unseen.isEmpty()) {
            wait();
        }
        return watch == mine ? List.copyOf(unseen) : List.of();
    }

    /** Says so once, when it lasts: answers are written, but their requests do not end. */
    private synchronized void refused(List<Unseen> now, KafkaException why) {
        boolean lasts = now.stream().anyMatch(this::isTooOld);
        if (lasts && !said) {
            said = true;
            LOG.warnf("whether finals can be read is not told, and asked again and again: %s", why.getMessage());
        }
    }

    private boolean isTooOld(Unseen each) {
        return nanoTime.getAsLong() - each.sinceNanos() > patience.toNanos();
    }

    private boolean look(List<Unseen> now, int mine) {
        Map<Integer, Long> stable;
        try {
            stable = ends.of(now.stream().map(Unseen::partition).collect(Collectors.toUnmodifiableSet()));
        } catch (KafkaException e) {
            refused(now, e);
            return true;
        }
        List<Unseen> seen = now.stream()
                .filter(each -> each.offset() < stable.getOrDefault(each.partition(), 0L))
                .toList();
        synchronized (this) {
            if (watch != mine) {
                // whoever took them writes them again where they are not found
                return true;
            }
            said = false;
            // at once: what is neither here nor done is written again
            unseen.removeAll(seen);
            seen.forEach(each -> each.pending().written().complete(OptionalLong.of(each.offset())));
        }
        return now.stream().noneMatch(each -> !seen.contains(each) && isTooOld(each));
    }
}
