package dev.littoral.bench.service;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Starts things at random moments of a steady rate, whether the earlier ones have ended or not, and measures each from
 * the moment at which it was due.
 */
final class Arrivals {

    /** Starts one thing. */
    @FunctionalInterface
    interface Start {
        void at(int number);
    }

    private static final long LONGEST_WAIT_SECONDS = 60;

    private final long[] due;
    private final double[] millis;
    private final AtomicIntegerArray ended;
    private final AtomicInteger left;

    Arrivals(int count) {
        due = new long[count];
        millis = new double[count];
        ended = new AtomicIntegerArray(count);
        left = new AtomicInteger(count);
    }

    /** Returns when a thing that is started was due, by {@link System#nanoTime}. */
    long due(int number) {
        return due[number];
    }

    /** Notes that a thing has ended. */
    void end(int number) {
        if (number < due.length && ended.compareAndSet(number, 0, 1)) {
            millis[number] = (System.nanoTime() - due[number]) / 1e6;
            left.decrementAndGet();
        }
    }

    /** Starts all of them, exponentially apart, waits for all, and returns how long the later half took, in ms. */
    double[] run(double perSecond, long seed, Start start) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(seed);
        long next = System.nanoTime();
        for (int number = 0; number < due.length; number++) {
            next += (long) (-Math.log(1 - random.nextDouble()) / perSecond * 1e9);
            long wait = next - System.nanoTime();
            if (wait > 0) {
                TimeUnit.NANOSECONDS.sleep(wait);
            }
            due[number] = next;
            start.at(number);
        }
        long giveUpAt = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_WAIT_SECONDS);
        while (left.get() > 0) {
            if (System.nanoTime() > giveUpAt) {
                throw new IllegalStateException(left.get() + " of " + due.length + " had no answer");
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
        return java.util.Arrays.copyOfRange(millis, due.length / 2, due.length);
    }
}
