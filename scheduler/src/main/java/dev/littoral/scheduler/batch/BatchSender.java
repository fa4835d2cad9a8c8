package dev.littoral.scheduler.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;

/**
 * Sends the lines of a batch, from the first that the broker may not have, and calls them back. A request's id is the
 * batch's and the line's number, so that one that is sent again after a crash is the same request.
 */
final class BatchSender {

    private static final int SAVED_EVERY = 200;
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Batch batch;
    private final BatchTopics topics;
    private final BatchSettings settings;
    private final BatchResults results;
    private final OpenLines open;
    private final Map<Integer, CompletableFuture<BatchTopics.Sent>> sent = new LinkedHashMap<>();
    /** Lines, from the first on, that need not be sent again. */
    private int arrived;

    BatchSender(Batch batch, BatchTopics topics, BatchSettings settings, BatchResults results, OpenLines open) {
        this.batch = batch;
        this.topics = topics;
        this.settings = settings;
        this.results = results;
        this.open = open;
        this.arrived = batch.counts().sent();
    }

    /** Hears how far the broker has the input. */
    @FunctionalInterface
    interface Arrivals {

        /** Takes how many lines, from the first on, need not be sent again. */
        void arrived(int lines) throws IOException;
    }

    /**
     * Sends until the input's end, or until it is over.
     *
     * @throws IOException when the broker does not take a line now, or the input cannot be read
     */
    void send(BufferedReader input, BooleanSupplier over, Arrivals arrivals) throws IOException, InterruptedException {
        int number = 0;
        int unsaved = 0;
        for (var line = BatchInput.next(input);
                line.isPresent() && !over.getAsBoolean();
                line = BatchInput.next(input)) {
            if (number >= arrived && !results.has(number)) {
                if (!room(number, over)) {
                    return;
                }
                ask(number, line.orElseThrow().body().getBytes(UTF_8));
                unsaved++;
            }
            number++;
            if (unsaved == SAVED_EVERY) {
                arrived(number, arrivals);
                unsaved = 0;
            }
        }
        arrived(number, arrivals);
    }

    private void ask(int line, byte[] body) {
        if (results.has(line)) {
            // its final came between the look for it and the room that was made for it
            open.end(line);
        } else {
            Instant deadline = Instant.ofEpochSecond(batch.order().expiresAt());
            sent.put(line, topics.ask(id(line), body, deadline, settings.priority()));
        }
    }

    private void arrived(int lines, Arrivals arrivals) throws IOException, InterruptedException {
        settle(true);
        arrived = Math.max(arrived, lines);
        arrivals.arrived(arrived);
    }

    /** Asks for the end of all requests that may be on the topic and have not ended. */
    void callBack() {
        int unsure = 0;
        for (int line = 0; line < batch.counts().total() && unsure < SAVED_EVERY; line++) {
            if (!results.has(line)) {
                topics.cancel(id(line));
                unsure += line < arrived ? 0 : 1;
            }
        }
    }

    private String id(int line) {
        return batch.id() + "/" + line;
    }

    private boolean room(int line, BooleanSupplier over) throws IOException, InterruptedException {
        while (!open.open(line, LOOK)) {
            if (over.getAsBoolean()) {
                return false;
            }
            settle(false);
        }
        return true;
    }

    /** Hears what became of lines that were sent, of all of them or of those of which it is known. */
    private void settle(boolean all) throws IOException, InterruptedException {
        Iterator<Map.Entry<Integer, CompletableFuture<BatchTopics.Sent>>> each =
                sent.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<Integer, CompletableFuture<BatchTopics.Sent>> next = each.next();
            if (all || next.getValue().isDone()) {
                settle(next.getKey(), next.getValue());
                each.remove();
            }
        }
    }

    private void settle(int line, CompletableFuture<BatchTopics.Sent> fate) throws IOException, InterruptedException {
        try {
            switch (fate.get()) {
                case BatchTopics.Sent.Taken _ -> {}
                case BatchTopics.Sent.NeverTaken never -> {
                    results.refuse(line, never.code(), never.message());
                    open.end(line);
                }
            }
        } catch (ExecutionException e) {
            throw new IOException("the broker does not take a request of " + batch.id(), e.getCause());
        }
    }
}
