package dev.littoral.engine.quantize;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Threads that share the bands of one matrix after another. */
public final class Crew implements AutoCloseable {

    /** Does bands, on one thread. */
    interface Hand {

        /** Does the rows {@code [first, first + count)}. */
        void band(long first, int count) throws IOException;
    }

    private final int threads;
    private final ExecutorService pool;

    /** Starts as many threads. */
    public Crew(int threads) {
        this.threads = threads;
        this.pool = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().name("prepare-", 0).daemon().factory());
    }

    /**
     * Has all bands of {@code rows} done, each by one of the hands.
     *
     * @param inBand rows of a band; the last may have fewer
     */
    void run(long rows, int inBand, Supplier<Hand> hands) throws IOException {
        AtomicLong next = new AtomicLong();
        List<Future<?>> works = new ArrayList<>();
        long bands = (rows + inBand - 1) / inBand;
        for (int i = 0; i < Math.min(threads, bands); i++) {
            works.add(pool.submit(() -> work(rows, inBand, next, hands.get())));
        }
        try {
            for (Future<?> work : works) {
                work.get();
            }
        } catch (ExecutionException e) {
            next.set(rows);
            switch (e.getCause()) {
                case UncheckedIOException io -> throw io.getCause();
                case RuntimeException other -> throw other;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(e);
            }
        } catch (InterruptedException e) {
            next.set(rows);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while weights were prepared", e);
        }
    }

    private static void work(long rows, int inBand, AtomicLong next, Hand hand) {
        for (long first = next.getAndAdd(inBand); first < rows; first = next.getAndAdd(inBand)) {
            try {
                hand.band(first, (int) Math.min(inBand, rows - first));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
