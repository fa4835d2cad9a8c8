package dev.littoral.scheduler.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Keeps the finals of a partition of requests whose commit the coordinator has taken until readers of what is committed can
 * read them. A coordinator that finds a partition without a leader, as a broker that was killed does, takes it for deleted
 * and never writes its mark: what it has said yes to then hangs there, is aborted in the end, and must be written again.
 */
final class UnseenFinals {

    private record Unseen(String lane, PendingFinal pending, int partition, long offset, long sinceNanos) {}

    private final FinalsWatch watch;
    private final Duration patience;
    private final LongSupplier nanoTime;
    private final List<Unseen> unseen = new ArrayList<>();
    private Runnable whenLost = () -> {};
    /** Counts the watches; what is told to an earlier one is told to nobody. */
    private int era;

    private boolean watched;

    /**
     * Keeps nothing yet.
     *
     * @param watch asks what can be read
     * @param patience after which a final that cannot be read, though the broker answers, is not waited for
     */
    UnseenFinals(FinalsWatch watch, Duration patience, LongSupplier nanoTime) {
        this.watch = watch;
        this.patience = patience;
        this.nanoTime = nanoTime;
    }

    /** Returns the time as {@link #add} takes it. */
    long now() {
        return nanoTime.getAsLong();
    }

    /**
     * Keeps a final until it can be read.
     *
     * @param lane the id whose transaction it was committed in
     * @param sinceNanos when its commit was asked for: however long that took, others may have looked at it since
     */
    void add(String lane, PendingFinal pending, RecordMetadata at, long sinceNanos) {
        synchronized (this) {
            unseen.add(new Unseen(lane, pending, at.partition(), at.offset(), sinceNanos));
        }
        watch.wake();
    }

    synchronized boolean holds(PendingFinal pending) {
        return unseen.stream().anyMatch(each -> each.pending().equals(pending));
    }

    /**
     * Waits until readers can read all that was committed in the transactions of this id; false when nobody is told any more.
     */
    synchronized boolean awaitSeen(String lane) throws InterruptedException {
        int asked = era;
        while (unseen.stream().anyMatch(each -> each.lane().equals(lane))) {
            if (!watched || era != asked) {
                return false;
            }
            wait();
        }
        return true;
    }

    /**
     * Has those who wait told from now on, until {@link #leave}.
     *
     * @param lost called, and nobody is told any more, when a final cannot be read for longer than there is patience
     */
    void enter(Runnable lost) {
        synchronized (this) {
            era++;
            watched = true;
            whenLost = lost;
        }
        watch.join(this);
    }

    /** Ends the watch: from here on nobody is told anything. */
    void leave() {
        synchronized (this) {
            watched = false;
            notifyAll();
        }
        watch.part(this);
    }

    /** Says whether those who wait are told. */
    synchronized boolean isWatched() {
        return watched;
    }

    /** Takes out what nobody has seen. */
    synchronized List<PendingFinal> take() {
        List<PendingFinal> left = unseen.stream().map(Unseen::pending).toList();
        unseen.clear();
        return left;
    }

    /** Returns what waits; empty when nothing does, or nobody is to be told. */
    synchronized Optional<Waiting> waiting() {
        return watched && !unseen.isEmpty()
                ? Optional.of(new Waiting(
                        era,
                        unseen.size(),
                        unseen.stream().map(Unseen::partition).collect(Collectors.toUnmodifiableSet())))
                : Optional.empty();
    }

    private boolean isTooOld(Unseen each) {
        return nanoTime.getAsLong() - each.sinceNanos() > patience.toNanos();
    }

    /** The finals that wait at one moment. */
    final class Waiting {

        private final int asked;
        private final int finals;
        private final Set<Integer> partitions;

        private Waiting(int asked, int finals, Set<Integer> partitions) {
            this.asked = asked;
            this.finals = finals;
            this.partitions = partitions;
        }

        int finals() {
            return finals;
        }

        /** Returns the partitions of the answers that they lie in. */
        Set<Integer> partitions() {
            return partitions;
        }

        private boolean isOver() {
            return !watched || era != asked;
        }

        /** Takes where readers stop, by partition; of one that is not told nothing follows. */
        void told(Map<Integer, Long> ends) {
            boolean lost;
            synchronized (UnseenFinals.this) {
                if (isOver()) {
                    // whoever took them writes them again where they are not found
                    return;
                }
                // at once: what is neither here nor done is written again
                unseen.removeIf(each -> {
                    boolean seen = each.offset() < ends.getOrDefault(each.partition(), 0L);
                    if (seen) {
                        each.pending().written().complete(OptionalLong.of(each.offset()));
                    }
                    return seen;
                });
                UnseenFinals.this.notifyAll();
                lost = unseen.stream().anyMatch(each -> ends.containsKey(each.partition()) && isTooOld(each));
            }
            if (lost) {
                lost();
            }
        }

        /** Gives them up: whoever waits for them looks where they are. */
        void lost() {
            Runnable tell;
            synchronized (UnseenFinals.this) {
                if (isOver()) {
                    return;
                }
                watched = false;
                UnseenFinals.this.notifyAll();
                tell = whenLost;
            }
            tell.run();
        }

        /** Says whether one of them waits for long in a partition of which nothing was told. */
        boolean untoldForLong(Set<Integer> told) {
            synchronized (UnseenFinals.this) {
                return !isOver()
                        && unseen.stream().anyMatch(each -> !told.contains(each.partition()) && isTooOld(each));
            }
        }
    }
}
