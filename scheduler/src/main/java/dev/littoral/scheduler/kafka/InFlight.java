package dev.littoral.scheduler.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Works on so many requests, and so many of their bytes, at once, each on a virtual thread of its own, and reads as many
 * ahead as {@link ReadAhead} takes. Another batch is asked for while there is room for it; what is not asked for stays
 * with the broker, since the connector pauses its partitions.
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

        /** Says where a request lies and what it holds; always the same of the same request. */
        Place place(T request);
    }

    /**
     * What may be held.
     *
     * @param requests that are worked on at once
     * @param bytes of these; the last may be beyond it
     * @param ahead what is read and not begun
     */
    record Bounds(int requests, long bytes, ReadAhead.Bounds ahead) {}

    private final Duration pause;
    private final Work<T> work;
    private final Supplier<? extends Set<?>> sources;

    private final ReadAhead<T> ahead;
    private final Shares places;
    private final Shares bytes;
    private Runnable another = () -> {};
    private Runnable regulate = () -> {};
    private Executor polling = task -> {};
    private boolean asked;
    private boolean wanted = true;
    private boolean holding;
    private int running;

    /**
     * Asks for nothing before {@link #begin}.
     *
     * @param pause before a request that failed is begun anew
     * @param sources those that are read now; what was read of others and is not begun is dropped
     */
    InFlight(Bounds bounds, Duration pause, Work<T> work, Supplier<? extends Set<?>> sources) {
        this.pause = pause;
        this.work = work;
        this.sources = sources;
        this.ahead = new ReadAhead<>(bounds.ahead());
        this.places = new Shares(bounds.requests());
        this.bytes = new Shares(bounds.bytes());
    }

    /**
     * Starts to ask for batches, one at a time; each is answered by {@link #take}.
     *
     * @param whenTurned told that {@link #full} says something else than before, or {@link #reads}
     * @param pollingThread runs a task on the thread that reads the batches, which is held up while none is wanted
     */
    void begin(Runnable askForAnother, Runnable whenTurned, Executor pollingThread) {
        synchronized (this) {
            another = askForAnother;
            regulate = whenTurned;
            polling = pollingThread;
        }
        goOn(false);
    }

    /** Takes a batch. */
    void take(List<T> batch) {
        boolean late = false;
        synchronized (this) {
            asked = false;
            for (T request : batch) {
                Place place = work.place(request);
                // whoever resumes all partitions does not know of those that are full
                late |= ahead.full(place.source());
                ahead.add(place, request);
            }
        }
        goOn(late);
    }

    /** Says whether nothing more is to be read of a source. */
    synchronized boolean full(Object source) {
        return ahead.full(source);
    }

    /** Says whether anything more is to be read. */
    synchronized boolean reads() {
        return ahead.wanted(sources.get());
    }

    private void goOn(boolean turnedBefore) {
        List<T> begun = new ArrayList<>();
        boolean turned = turnedBefore;
        boolean ask = false;
        boolean hold = false;
        Runnable askForAnother;
        Runnable whenTurned;
        synchronized (this) {
            Set<?> now = sources.get();
            turned |= ahead.look(now);
            for (Optional<SourceQueue.Waiting<T>> next = next(now); next.isPresent(); next = next(now)) {
                begun.add(next.orElseThrow().request());
            }
            turned |= ahead.look(now);
            boolean wants = ahead.wanted(now);
            turned |= wants != wanted;
            wanted = wants;
            if (!asked && wants) {
                asked = true;
                ask = true;
                notifyAll();
            } else if (!asked && !holding) {
                holding = true;
                hold = true;
            }
            askForAnother = another;
            whenTurned = regulate;
        }
        begun.forEach(this::start);
        if (turned) {
            whenTurned.run();
        }
        if (ask) {
            askForAnother.run();
        }
        if (hold) {
            hold();
        }
    }

    private Optional<SourceQueue.Waiting<T>> next(Set<?> now) {
        Optional<SourceQueue.Waiting<T>> next =
                ahead.next(place -> running == 0 || (places.room(place, now) && bytes.room(place, now)));
        next.map(SourceQueue.Waiting::place).ifPresent(place -> {
            running++;
            places.take(place, 1);
            bytes.take(place, place.bytes());
        });
        return next;
    }

    private synchronized void ended(Place place) {
        running--;
        places.giveBack(place, 1);
        bytes.giveBack(place, place.bytes());
        ahead.end(place);
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

    private void start(T request) {
        Thread.ofVirtual().name("kafka-request").start(() -> {
            try {
                if (toItsEnd(request)) {
                    work.done(request);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                ended(work.place(request));
                goOn(false);
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
