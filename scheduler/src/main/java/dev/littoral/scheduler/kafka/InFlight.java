package dev.littoral.scheduler.kafka;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Works on so many requests, and so many of their bytes, at once, each on a virtual thread of its own. Another batch is
 * asked for when all of the one before are begun and there is room; what is not asked for stays with the broker, since
 * the connector pauses its partitions.
 *
 * @param <T> a request
 */
final class InFlight<T> {

    private static final Logger LOG = Logger.getLogger(InFlight.class);

    /** Times that a request is begun before it is given up. */
    private static final int MOST_ATTEMPTS = 3;

    /**
     * While nothing is wanted the connector asks its paused consumer again every 2 ms, each time for nothing. So long its
     * thread is kept from that; whatever else waits for this thread (a commit, a rebalance) waits no longer than this.
     */
    private static final Duration HOLD = Duration.ofMillis(20);

    /** What is done with requests; {@link #on} and {@link #giveUp} say whether the request may be committed. */
    interface Work<T> {

        /** Works on a request. */
        boolean on(T request) throws InterruptedException;

        /** Ends a request that cannot be worked on, by a fault of this program's own. */
        boolean giveUp(T request) throws InterruptedException;

        /** Notes that a request may be committed. */
        void done(T request);

        /** Counts the bytes that a request holds. */
        int bytes(T request);
    }

    private final int most;
    private final long mostBytes;
    private final Duration pause;
    private final Work<T> work;

    private final Queue<T> waiting = new ArrayDeque<>();
    private Runnable another = () -> {};
    private Executor polling = task -> {};
    private boolean asked;
    private boolean holding;
    private int running;
    private long heldBytes;

    /**
     * Asks for nothing before {@link #begin}.
     *
     * @param pause before a request that failed is begun anew
     */
    InFlight(int most, long mostBytes, Duration pause, Work<T> work) {
        this.most = most;
        this.mostBytes = mostBytes;
        this.pause = pause;
        this.work = work;
    }

    /**
     * Starts to ask for batches, one at a time; each is answered by {@link #take}.
     *
     * @param pollingThread runs a task on the thread that reads the batches, which is held up while none is wanted
     */
    void begin(Runnable askForAnother, Executor pollingThread) {
        synchronized (this) {
            another = askForAnother;
            polling = pollingThread;
        }
        goOn();
    }

    /** Takes a batch. */
    void take(List<T> batch) {
        synchronized (this) {
            asked = false;
            waiting.addAll(batch);
        }
        goOn();
    }

    private void goOn() {
        List<T> begun = new ArrayList<>();
        Runnable ask = () -> {};
        Runnable hold = () -> {};
        synchronized (this) {
            while (!waiting.isEmpty() && room()) {
                T next = waiting.remove();
                running++;
                heldBytes += work.bytes(next);
                begun.add(next);
            }
            if (!asked && waiting.isEmpty() && room()) {
                asked = true;
                ask = another;
                notifyAll();
            } else if (!asked && !holding) {
                holding = true;
                hold = this::hold;
            }
        }
        begun.forEach(this::start);
        ask.run();
        hold.run();
    }

    private void hold() {
        polling.execute(() -> {
            if (stillNothingWanted()) {
                // behind what waits for the thread by now
                hold();
            }
        });
    }

    private synchronized boolean stillNothingWanted() {
        long giveUpAt = System.nanoTime() + HOLD.toNanos();
        try {
            while (!asked && System.nanoTime() < giveUpAt) {
                TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, giveUpAt - System.nanoTime()));
            }
            holding = !asked;
        } catch (InterruptedException e) {
            // whoever ends the thread ends the holding
            Thread.currentThread().interrupt();
            holding = false;
        }
        return holding;
    }

    private boolean room() {
        return running == 0 || (running < most && heldBytes < mostBytes);
    }

    private void start(T request) {
        Thread.ofVirtual().name("kafka-request").start(() -> {
            try {
                if (toItsEnd(request)) {
                    work.done(request);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                synchronized (this) {
                    running--;
                    heldBytes -= work.bytes(request);
                }
                goOn();
            }
        });
    }

    /** Nobody else works on a request while it is held here: what fails, be it with an error, is begun anew. */
    private boolean toItsEnd(T request) throws InterruptedException {
        int failures = 0;
        while (true) {
            try {
                return failures < MOST_ATTEMPTS ? work.on(request) : work.giveUp(request);
            } catch (RuntimeException | Error e) {
                failures++;
                // first of all: where memory is short, others may give some back
                Thread.sleep(pause);
                say(e, failures);
            }
        }
    }

    private static void say(Throwable failure, int failures) {
        try {
            LOG.errorf(failure, "a request record failed %d times and is begun anew", failures);
        } catch (RuntimeException | Error e) {
            // what fails here, since memory is still short, must not end the request: the next failure is said, or none
            // comes
        }
    }
}
