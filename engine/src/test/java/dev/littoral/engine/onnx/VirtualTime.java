package dev.littoral.engine.onnx;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntSupplier;

/**
 * A clock that stands still but for those who say how long something takes, for threads that sleep by it or wait in a
 * queue: whoever is due acts, and comes to rest, before the clock goes on, so that every run is the same.
 */
final class VirtualTime {

    private record Sleeper(long dueNanos, int order, CountDownLatch woken) {}

    private final PriorityQueue<Sleeper> sleepers =
            new PriorityQueue<>(Comparator.comparingLong(Sleeper::dueNanos).thenComparingInt(Sleeper::order));
    private final IntSupplier waiting;
    private volatile long nowNanos;
    private int running;

    /**
     * Makes one that begins at 1 ns.
     *
     * @param waiting counts the threads that rest in the queue
     */
    VirtualTime(IntSupplier waiting) {
        this.waiting = waiting;
        this.nowNanos = 1;
    }

    long nowNanos() {
        return nowNanos;
    }

    /** Runs all to their end; each begins asleep until time 1 ns, in their order. */
    void run(List<Runnable> actors) {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<CompletableFuture<Void>> ends = new ArrayList<>();
            List<Sleeper> first = new ArrayList<>();
            synchronized (this) {
                running = actors.size();
                for (int i = 0; i < actors.size(); i++) {
                    Sleeper sleeper = new Sleeper(1, i, new CountDownLatch(1));
                    sleepers.add(sleeper);
                    first.add(sleeper);
                }
            }
            for (int i = 0; i < actors.size(); i++) {
                Sleeper sleeper = first.get(i);
                Runnable actor = actors.get(i);
                ends.add(CompletableFuture.runAsync(
                        () -> {
                            try {
                                await(sleeper);
                                actor.run();
                            } finally {
                                ended();
                            }
                        },
                        threads));
            }
            while (idle()) {
                wakeFirst(Long.MAX_VALUE);
            }
            ends.forEach(CompletableFuture::join);
        } finally {
            threads.shutdownNow();
        }
    }

    private synchronized void ended() {
        running--;
    }

    /** Waits until all sleep; says whether any does. */
    private boolean idle() {
        while (moving() > 0) {
            spin();
        }
        return !noneLeft();
    }

    private synchronized boolean noneLeft() {
        return running == 0;
    }

    void sleep(int order, long nanos) {
        Sleeper sleeper;
        synchronized (this) {
            sleeper = new Sleeper(nowNanos + nanos, order, new CountDownLatch(1));
            sleepers.add(sleeper);
        }
        await(sleeper);
    }

    private static void await(Sleeper sleeper) {
        try {
            sleeper.woken().await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Lets time pass for one who waits in the queue; those who are due meanwhile come to it. */
    void pass(long nanos) {
        settle();
        long end = nowNanos() + nanos;
        while (wakeFirst(end)) {
            settle();
        }
        synchronized (this) {
            nowNanos = end;
        }
    }

    /** Waits until everyone sleeps or waits in the queue. */
    private void settle() {
        while (moving() != waiting.getAsInt()) {
            spin();
        }
    }

    private static void spin() {
        if (Thread.currentThread().isInterrupted()) {
            throw new AssertionError("someone does not come to rest");
        }
        Thread.onSpinWait();
    }

    private synchronized int moving() {
        return running - sleepers.size();
    }

    private synchronized boolean wakeFirst(long endNanos) {
        Sleeper first = sleepers.peek();
        if (first == null || first.dueNanos() > endNanos) {
            return false;
        }
        sleepers.remove();
        nowNanos = Math.max(nowNanos, first.dueNanos());
        first.woken().countDown();
        return true;
    }
}
