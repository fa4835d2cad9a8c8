package dev.littoral.scheduler.request;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Lets a writer run ahead of its reader by so many pieces and no further. Used by one thread. */
public final class Window {

    private final Deque<CompletableFuture<?>> outstanding = new ArrayDeque<>();
    private final int size;
    private final Duration patience;

    /** Allows {@code size} pieces on their way, each for at most {@code patience}. */
    public Window(int size, Duration patience) {
        this.size = size;
        this.patience = patience;
    }

    /** Adds a piece and waits while too many are on their way. */
    public void add(CompletableFuture<?> piece) throws InterruptedException, ReaderGone {
        outstanding.add(piece);
        while (outstanding.size() > size) {
            first();
        }
    }

    /** Waits until all have arrived. */
    public void drain() throws InterruptedException, ReaderGone {
        while (!outstanding.isEmpty()) {
            first();
        }
    }

    private void first() throws InterruptedException, ReaderGone {
        CompletableFuture<?> first = outstanding.remove();
        try {
            first.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // it is still on its way
            outstanding.addFirst(first);
            throw e;
        } catch (ExecutionException e) {
            throw new ReaderGone("a piece of the answer could not be written: " + e.getCause());
        } catch (TimeoutException e) {
            throw new ReaderGone("a piece of the answer was not taken within " + patience);
        }
    }
}
