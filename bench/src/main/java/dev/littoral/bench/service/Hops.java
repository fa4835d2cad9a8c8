package dev.littoral.bench.service;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * When requests through Kafka reached which point, by what their records say, all in microseconds of the wall clock:
 * the processes run on one machine, whose clock they share.
 */
final class Hops {

    /** What a request goes through, one behind the other. */
    enum Hop {
        /** From its due moment to its record's way: the caller's own delay. */
        ASKED("until it is sent"),
        /** Broker, consumer, the scheduler's threads and choice, and the agent. */
        TOKEN("until its token is there"),
        /** The rest of the agent's answer, the final's making. */
        MADE("until its final is made"),
        /** Waits for a transaction to begin. */
        BEGUN("until a transaction takes it"),
        /** Transaction, its marks, and the caller's fetch. */
        READ("until the caller has it");

        private final String words;

        Hop(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    private final Instant begin = Instant.now();
    private final long beginNanos = System.nanoTime();
    private final long[][] reached;

    Hops(int count) {
        reached = new long[count][Hop.values().length + 1];
    }

    /** Notes when a request was due, by {@link System#nanoTime}. */
    void due(int number, long nanoTime) {
        reached[number][0] = micros(begin) + (nanoTime - beginNanos) / 1000;
    }

    /** Notes when a request's hop ended. */
    void end(int number, Hop hop, Instant when) {
        if (number >= 0 && number < reached.length) {
            reached[number][hop.ordinal() + 1] = micros(when);
        }
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    /** Returns how long the hop of each request of the later half took, in ms. */
    double[] millis(Hop hop) {
        return IntStream.range(reached.length / 2, reached.length)
                .mapToDouble(each -> millis(each, hop))
                .toArray();
    }

    /** Returns the mean of the hop over the slowest so many requests of the later half, in ms. */
    double ofSlowest(Hop hop, int count) {
        return IntStream.range(reached.length / 2, reached.length)
                .boxed()
                .sorted((one, other) -> Double.compare(all(other), all(one)))
                .limit(count)
                .mapToDouble(each -> millis(each, hop))
                .average()
                .orElse(0);
    }

    private double all(int number) {
        return Arrays.stream(Hop.values())
                .mapToDouble(hop -> millis(number, hop))
                .sum();
    }

    private double millis(int number, Hop hop) {
        return (reached[number][hop.ordinal() + 1] - reached[number][hop.ordinal()]) / 1e3;
    }
}
