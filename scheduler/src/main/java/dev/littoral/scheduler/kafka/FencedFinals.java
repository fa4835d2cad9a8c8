package dev.littoral.scheduler.kafka;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Writes the finals of one partition of requests in transactions whose ids belong to the partition: who opens them anew
 * has the broker refuse everything of whoever had them before, however long that one was away. All finals that wait go
 * into the next transaction together; lanes take turns, since the broker lets a transaction's successor wait.
 */
final class FencedFinals implements FinalsWriter {

    private static final int LANES = 4;

    /** Transactions at once; more would be smaller ones, and each costs the broker the same. */
    private static final int MOST_BEGUN = 2;

    /** While so many finals are under way, the next ones wait for them and go together. */
    private static final int MANY = 4;

    /**
     * A lane's pause between transactions: a broker that is still marking the one before lets the next wait for 20 ms
     * ({@code add.partitions.to.txn.retry.backoff.ms}).
     */
    private static final Duration REST = Duration.ofMillis(10);

    private static final int MOST_AT_ONCE = 500;

    /** So long a commit may take to show; a partition whose transactions hang is fenced, which ends them. */
    static final Duration UNSEEN_PATIENCE = Duration.ofSeconds(20);

    private final String name;
    private final String topic;
    private final Function<String, Producer<byte[], byte[]>> producers;
    private final Runnable whenBroken;
    private final UnseenFinals unseen;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<PendingFinal> waiting = new ArrayDeque<>();
    private final List<FinalsLane> lanes = new ArrayList<>();
    private final List<Thread> servants = new ArrayList<>();
    /** Counts the times that it was fenced; a lane of another time ends. */
    private int era;

    /** Counts the transactions that are under way, and their finals. */
    private int begun;

    private int underWay;

    private boolean running;
    private boolean closed;

    /**
     * Writes nothing before {@link #fence} and {@link #resume}.
     *
     * @param name unlike that of every other partition, the same for all schedulers of a group
     * @param producers makes a producer with this transactional id
     * @param watch tells what readers of {@code topic} can read
     * @param whenBroken called when somebody else has fenced this one, the broker has given its transaction up, or has taken
     *     a commit and never shows it
     */
    FencedFinals(
            String name,
            String topic,
            Function<String, Producer<byte[], byte[]>> producers,
            FinalsWatch watch,
            Runnable whenBroken) {
        this(name, topic, producers, new UnseenFinals(watch, UNSEEN_PATIENCE, System::nanoTime), whenBroken);
    }

    FencedFinals(
            String name,
            String topic,
            Function<String, Producer<byte[], byte[]>> producers,
            UnseenFinals unseen,
            Runnable whenBroken) {
        this.unseen = unseen;
        this.name = name;
        this.topic = topic;
        this.producers = producers;
        this.whenBroken = whenBroken;
    }

    @Override
    public CompletableFuture<OptionalLong> write(String requestId, List<Publisher.Outgoing> last) {
        CompletableFuture<OptionalLong> written = new CompletableFuture<>();
        lock.lock();
        try {
            if (closed) {
                return CompletableFuture.failedFuture(new NotOurs(name + " is another scheduler's"));
            }
            waiting.add(new PendingFinal(requestId, List.copyOf(last), written));
            changed.signal();
        } finally {
            lock.unlock();
        }
        return written;
    }

    @Override
    public void fence() {
        stopLanes();
        for (int lane = 0; lane < LANES; lane++) {
            String id = name + "-" + lane;
            lanes.add(new FinalsLane(id, TransactionOpening.open(id, producers), topic, unseen));
        }
    }

    @Override
    public void resume(Set<String> ended) {
        List<PendingFinal> settled = new ArrayList<>();
        lock.lock();
        try {
            waiting.removeIf(each -> ended.contains(each.id()) && settled.add(each));
            running = true;
            int now = era;
            unseen.enter(() -> broken(List.of(), now));
            for (FinalsLane lane : lanes) {
                servants.add(Thread.ofVirtual().name("finals-" + lane.id()).start(() -> serve(lane, now)));
            }
        } finally {
            lock.unlock();
        }
        settled.forEach(each -> each.written().complete(OptionalLong.empty()));
    }

    @Override
    public boolean writes() {
        lock.lock();
        try {
            // a thread that died of an error says nothing of it
            return running
                    && unseen.isWatched()
                    && servants.size() == LANES
                    && servants.stream().allMatch(Thread::isAlive);
        } finally {
            lock.unlock();
        }
    }

    private void serve(FinalsLane lane, int now) {
        // large enough from the beginning: what is taken from those that wait must not be lost for want of memory
        List<PendingFinal> batch = new ArrayList<>(MOST_AT_ONCE);
        while (next(batch, now)) {
            boolean open = false;
            try {
                open = lane.write(batch);
            } finally {
                ended(batch.size());
                if (!open) {
                    broken(batch, now);
                }
            }
            if (!open) {
                return;
            }
            rest();
        }
    }

    private void ended(int finals) {
        lock.lock();
        try {
            begun--;
            underWay -= finals;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private static void rest() {
        try {
            Thread.sleep(REST);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a lane", e);
        }
    }

    private boolean mayBegin() {
        return begun == 0 || (begun < MOST_BEGUN && underWay < MANY);
    }

    /** Waits for finals and puts them into {@code batch}; false when the lane's time is over. */
    private boolean next(List<PendingFinal> batch, int now) {
        batch.clear();
        lock.lock();
        try {
            while (running && era == now && (waiting.isEmpty() || !mayBegin())) {
                changed.awaitUninterruptibly();
            }
            while (running && era == now && !waiting.isEmpty() && batch.size() < MOST_AT_ONCE) {
                batch.add(waiting.remove());
            }
            begun += batch.isEmpty() ? 0 : 1;
            underWay += batch.size();
            return !batch.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private void broken(List<PendingFinal> batch, int now) {
        List<PendingFinal> unwritten = batch.stream()
                .filter(each -> !unseen.holds(each) && !each.written().isDone())
                .toList();
        boolean first;
        lock.lock();
        try {
            unwritten.reversed().forEach(waiting::addFirst);
            first = running && era == now;
            // a watch that is over may come late
            running &= era != now;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (first) {
            whenBroken.run();
        }
    }

    private void stopLanes() {
        lock.lock();
        try {
            running = false;
            era++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        lanes.forEach(FinalsLane::close);
        lanes.clear();
        // what a lane could not end comes back to those that wait
        unseen.leave();
        servants.forEach(FencedFinals::join);
        lock.lock();
        try {
            servants.clear();
            begun = 0;
            underWay = 0;
            unseen.take().reversed().forEach(waiting::addFirst);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        List<PendingFinal> left;
        stopLanes();
        lock.lock();
        try {
            closed = true;
            left = List.copyOf(waiting);
            waiting.clear();
        } finally {
            lock.unlock();
        }
        left.forEach(each -> each.written().completeExceptionally(new NotOurs(name + " went to another scheduler")));
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
