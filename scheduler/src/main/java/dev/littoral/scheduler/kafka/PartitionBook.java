package dev.littoral.scheduler.kafka;

import dev.littoral.scheduler.request.Cancellation;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;

/** Keeps, for one partition of requests while it is ours, which are read, which run and which are answered. */
final class PartitionBook {

    /** Far more than there are attempts between two owners. */
    private static final long ATTEMPTS_OF_A_GENERATION = 1_000_000;

    private final Tenure tenure;
    private final FinalsWriter finals;
    private final long since;
    private final Optional<Uuid> topic;
    private final SortedSet<Long> open = new TreeSet<>();
    private final Map<Long, Cancellation> running = new HashMap<>();
    /** By request: where its final cannot lie before. */
    private final Map<Long, Long> ending = new HashMap<>();

    private long end;
    /** One past the last offset that was read here or before. */
    private long readTo;

    private long answersEnd;
    /** Attempts at any request here are numbered above it. */
    private long attemptsBefore;

    private Recovered recovered = Recovered.NOTHING;
    private boolean closed;

    /**
     * Whose book it is.
     *
     * @param partition of the requests
     * @param answersPartition partition for the answers
     * @param generation of the group when the partition was taken; grows with each owner
     */
    record Tenure(int partition, int answersPartition, int generation) {}

    /**
     * Goes on where {@code before} stopped.
     *
     * @param answersEnd end of the partition for the answers now
     * @param finals writes there
     */
    PartitionBook(Tenure tenure, Progress before, long answersEnd, FinalsWriter finals) {
        this.tenure = tenure;
        this.finals = finals;
        this.answersEnd = answersEnd;
        this.attemptsBefore = tenure.generation() * ATTEMPTS_OF_A_GENERATION;
        this.since = before.since();
        this.topic = before.topic();
        this.end = before.end();
        this.readTo = before.end();
        this.open.addAll(before.open());
    }

    /**
     * Finals that the commit before did not know of.
     *
     * @param until offset of requests from which on none of them has such a final
     * @param from by partition of the answers: where they lie from
     * @param settled run when these requests need nothing more
     */
    private record Recovered(long until, Map<Integer, Long> from, Runnable settled) {

        static final Recovered NOTHING = new Recovered(0, Map.of(), () -> {});
    }

    /**
     * Notes that finals from these places in the answers on belong to requests before {@code until} that are still to be
     * read here: until they are, whoever goes on must read them, too.
     *
     * @param from by partition of the answers
     * @param settled run once, when these requests need nothing more
     */
    synchronized void recovered(long until, Map<Integer, Long> from, Runnable settled) {
        Map<Integer, Long> all = new HashMap<>(recovered.from());
        from.forEach((partition, offset) -> all.merge(partition, offset, Math::min));
        recovered = new Recovered(Math.max(until, recovered.until()), all, settled);
    }

    /** Notes the same of finals that belong to requests which were read here. */
    synchronized void recovered(Map<Integer, Long> from, Runnable settled) {
        recovered(readTo, from, settled);
    }

    /** Says whether these are offsets of another topic that had the same name. */
    boolean isOfAnother(Optional<Uuid> now) {
        return topic.isPresent() && now.isPresent() && !topic.equals(now);
    }

    /** A request of this book. */
    Entry entry(long offset) {
        return new Entry(offset);
    }

    /** Notes a record that was read; false when it is answered already. */
    synchronized boolean read(long offset) {
        if (offset < end && !open.contains(offset)) {
            return false;
        }
        open.add(offset);
        readTo = Math.max(readTo, offset + 1);
        return true;
    }

    /** Notes that a record needs nothing more. */
    synchronized void done(long offset) {
        running.remove(offset);
        ending.remove(offset);
        open.remove(offset);
        end = Math.max(end, offset + 1);
        notifyAll();
    }

    Progress progress() {
        settled().run();
        return now();
    }

    /** Ends what was recovered when it is done with; what is returned is to be run by nobody who holds the book. */
    private synchronized Runnable settled() {
        Recovered last = recovered;
        if (next() < last.until()) {
            return () -> {};
        }
        recovered = Recovered.NOTHING;
        return last.settled();
    }

    private long next() {
        return open.isEmpty() ? end : Math.min(end, open.first());
    }

    private synchronized Progress now() {
        SortedMap<Integer, Long> from = new TreeMap<>(recovered.from());
        long here = ending.values().stream().mapToLong(Long::longValue).reduce(answersEnd, Math::min);
        from.merge(tenure.answersPartition(), here, Math::min);
        return new Progress(next(), end, new TreeSet<>(open.headSet(end)), from, since, topic);
    }

    /** Begins no final from now on: requests that run here are stopped without a word, since another will run them. */
    synchronized void stop() {
        closed = true;
        running.values().forEach(Cancellation::cancel);
    }

    /** Gives the partition up. Finals that are on their way are waited for, as long as there is hope for them. */
    void close(Duration patience) throws InterruptedException {
        stop();
        synchronized (this) {
            long giveUpAt = System.nanoTime() + patience.toNanos();
            while (!ending.isEmpty() && finals.writes() && System.nanoTime() < giveUpAt) {
                TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, giveUpAt - System.nanoTime()));
            }
        }
        finals.close();
    }

    FinalsWriter finals() {
        return finals;
    }

    /** One request record, for those who work on it. */
    final class Entry {

        private final long offset;

        private Entry(long offset) {
            this.offset = offset;
        }

        int partition() {
            return tenure.partition();
        }

        OptionalInt answersPartition() {
            return OptionalInt.of(tenure.answersPartition());
        }

        /**
         * Returns the number of the first attempt at a request that begins now: above all attempts at it before, be they
         * another scheduler's.
         */
        long firstAttempt() {
            synchronized (PartitionBook.this) {
                return attemptsBefore + 1;
            }
        }

        FinalsWriter finals() {
            return finals;
        }

        /** Notes how the request can be stopped. */
        void runs(Cancellation cancellation) {
            synchronized (PartitionBook.this) {
                running.put(offset, cancellation);
                if (closed) {
                    cancellation.cancel();
                }
            }
        }

        /** Asks to write the final; false when the request is no longer this scheduler's. */
        boolean ends() {
            synchronized (PartitionBook.this) {
                running.remove(offset);
                if (closed) {
                    return false;
                }
                ending.put(offset, answersEnd);
                return true;
            }
        }

        /** Notes that the final is another's to write. */
        void left() {
            synchronized (PartitionBook.this) {
                ending.remove(offset);
                attemptsBefore += KafkaAnswer.MOST_ATTEMPTS;
                PartitionBook.this.notifyAll();
            }
        }

        /** Notes that the request needs nothing more. */
        void done() {
            PartitionBook.this.done(offset);
        }

        /** Notes where the final lies; the request needs nothing more. */
        void written(OptionalLong answerOffset) {
            synchronized (PartitionBook.this) {
                answerOffset.ifPresent(at -> answersEnd = Math.max(answersEnd, at + 1));
                PartitionBook.this.done(offset);
            }
        }
    }
}
