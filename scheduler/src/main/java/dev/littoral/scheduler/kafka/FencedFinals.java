package dev.littoral.scheduler.kafka;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Writes the finals of one partition of requests in transactions whose ids belong to the partition: who opens them anew
 * has the broker refuse everything of whoever had them before, however long that one was away. All finals that wait go
 * into the next transaction together; lanes take turns, since the broker lets a transaction's successor wait.
 */
final class FencedFinals implements FinalsWriter {

    private static final Logger LOG = Logger.getLogger(FencedFinals.class);
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

    private record Pending(String id, List<Publisher.Outgoing> last, CompletableFuture<OptionalLong> written) {

        /** Sends all of it, the final behind the others, and returns the final's place to be. */
        Future<RecordMetadata> send(Producer<byte[], byte[]> producer, String topic) {
            for (Publisher.Outgoing chunk : last.subList(0, last.size() - 1)) {
                var ignored = producer.send(chunk.to(topic));
            }
            return producer.send(last.getLast().to(topic));
        }
    }

    private final String name;
    private final String topic;
    private final Function<String, Producer<byte[], byte[]>> producers;
    private final Runnable whenBroken;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Pending> waiting = new ArrayDeque<>();
    private final Map<String, Producer<byte[], byte[]>> lanes = new HashMap<>();
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
     * @param whenBroken called when somebody else has fenced this one, or the broker has given its transaction up
     */
    FencedFinals(String name, String topic, Function<String, Producer<byte[], byte[]>> producers, Runnable whenBroken) {
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
            waiting.add(new Pending(requestId, List.copyOf(last), written));
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
            lanes.put(id, TransactionOpening.open(id, producers));
        }
    }

    @Override
    public void resume(Set<String> ended) {
        List<Pending> settled = new ArrayList<>();
        lock.lock();
        try {
            waiting.removeIf(each -> ended.contains(each.id()) && settled.add(each));
            running = true;
            int now = era;
            lanes.forEach((id, producer) ->
                    servants.add(Thread.ofVirtual().name("finals-" + id).start(() -> serve(producer, now))));
        } finally {
            lock.unlock();
        }
        settled.forEach(each -> each.written().complete(OptionalLong.empty()));
    }

    @Override
    public boolean writes() {
        lock.lock();
        try {
            return running;
        } finally {
            lock.unlock();
        }
    }

    private void serve(Producer<byte[], byte[]> producer, int now) {
        while (true) {
            List<Pending> batch = next(now);
            if (batch.isEmpty()) {
                return;
            }
            boolean open = written(producer, batch);
            ended(batch.size());
            if (!open) {
                broken(batch, now);
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

    private boolean written(Producer<byte[], byte[]> producer, List<Pending> batch) {
        try {
            return write(producer, batch);
        } catch (RuntimeException | Error e) {
            LOG.errorf(e, "%s did not write by a fault of the scheduler's own, and is opened anew", name);
            return false;
        }
    }

    private boolean mayBegin() {
        return begun == 0 || (begun < MOST_BEGUN && underWay < MANY);
    }

    /** Waits for finals; none when the lane's time is over. */
    private List<Pending> next(int now) {
        lock.lock();
        try {
            while (running && era == now && (waiting.isEmpty() || !mayBegin())) {
                changed.awaitUninterruptibly();
            }
            List<Pending> batch = new ArrayList<>();
            while (running && era == now && !waiting.isEmpty() && batch.size() < MOST_AT_ONCE) {
                batch.add(waiting.remove());
            }
            begun += batch.isEmpty() ? 0 : 1;
            underWay += batch.size();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** Writes all of them or none; false when the lane can write no more. */
    private boolean write(Producer<byte[], byte[]> producer, List<Pending> batch) {
        RuntimeException failure;
        try {
            producer.beginTransaction();
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (Pending each : batch) {
                sent.add(each.send(producer, topic));
            }
            commit(producer);
            for (int each = 0; each < batch.size(); each++) {
                batch.get(each)
                        .written()
                        .complete(OptionalLong.of(sent.get(each).get().offset()));
            }
            return true;
        } catch (KafkaException | IllegalStateException e) {
            failure = e;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a record of a transaction that is committed is written", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a lane", e);
        }
        if (!abort(producer, failure)) {
            return false;
        }
        if (batch.size() > 1) {
            // one of them is refused: halves find it in few transactions, and all other lanes wait for these
            int half = batch.size() / 2;
            return write(producer, batch.subList(0, half)) && write(producer, batch.subList(half, batch.size()));
        }
        batch.getFirst().written().completeExceptionally(causeOf(failure));
        return true;
    }

    /** Commits; whether a commit that timed out took place is only known when it is asked for again. */
    private static void commit(Producer<byte[], byte[]> producer) {
        while (true) {
            try {
                producer.commitTransaction();
                return;
            } catch (TimeoutException e) {
                LOG.warnf("a transaction is not committed yet: %s", e.getMessage());
            }
        }
    }

    private boolean abort(Producer<byte[], byte[]> producer, RuntimeException failure) {
        while (true) {
            try {
                producer.abortTransaction();
                return true;
            } catch (TimeoutException e) {
                LOG.warnf("a transaction is not given up yet: %s", e.getMessage());
            } catch (KafkaException | IllegalStateException e) {
                LOG.infof("%s writes no more: %s", name, causeOf(failure).getMessage());
                return false;
            }
        }
    }

    private static Throwable causeOf(RuntimeException failure) {
        return Optional.ofNullable(failure.getCause())
                .filter(KafkaException.class::isInstance)
                .orElse(failure);
    }

    private void broken(List<Pending> batch, int now) {
        List<Pending> unwritten =
                batch.stream().filter(each -> !each.written().isDone()).toList();
        boolean first;
        lock.lock();
        try {
            unwritten.reversed().forEach(waiting::addFirst);
            first = running && era == now;
            running = false;
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
        lanes.values().forEach(producer -> producer.close(Duration.ZERO));
        lanes.clear();
        // what a lane could not end comes back to those that wait
        servants.forEach(FencedFinals::join);
        servants.clear();
    }

    @Override
    public void close() {
        List<Pending> left;
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
