package dev.littoral.scheduler.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntFunction;

/** Topics that answer every request at once, and give all answers again to whoever listens anew. */
final class FakeTopics implements BatchTopics {

    final List<String> asked = new CopyOnWriteArrayList<>();
    final List<String> cancelled = new CopyOnWriteArrayList<>();
    private final Map<String, String> finals = new LinkedHashMap<>();
    private final IntFunction<CompletableFuture<Sent>> broker;
    private final boolean answers;
    private Optional<Listener> listener = Optional.empty();
    int maxRequestBytes = 1 << 20;

    /**
     * Answers what the broker takes.
     *
     * @param broker says by its line what becomes of a request
     * @param answers whether requests that are taken end
     */
    FakeTopics(boolean answers, IntFunction<CompletableFuture<Sent>> broker) {
        this.answers = answers;
        this.broker = broker;
    }

    static CompletableFuture<Sent> taken() {
        return CompletableFuture.completedFuture(new Sent.Taken());
    }

    static CompletableFuture<Sent> refused() {
        return CompletableFuture.failedFuture(new IOException("not now"));
    }

    static CompletableFuture<Sent> never() {
        return CompletableFuture.completedFuture(new Sent.NeverTaken("line_too_long", "far too long"));
    }

    @Override
    public Map<Integer, Long> ends() {
        return Map.of(0, 0L);
    }

    @Override
    public int maxRequestBytes() {
        return maxRequestBytes;
    }

    @Override
    public CompletableFuture<Sent> ask(String id, byte[] body, Instant deadline, int priority) {
        asked.add(id);
        int line = Integer.parseInt(id.substring(id.indexOf('/') + 1));
        CompletableFuture<Sent> sent = broker.apply(line);
        if (answers && sent.isDone() && !sent.isCompletedExceptionally() && sent.join() instanceof Sent.Taken) {
            end(id, "{\"status_code\":200,\"payload\":{\"line\":%d}}".formatted(line));
        }
        return sent;
    }

    /** Writes a final. */
    synchronized void end(String id, String value) {
        finals.put(id, value);
        listener.ifPresent(each -> tell(each, id, value));
    }

    private static void tell(Listener listener, String id, String value) {
        try {
            listener.ended(id, value.getBytes(UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(id, e);
        }
    }

    @Override
    public void cancel(String id) {
        cancelled.add(id);
    }

    @Override
    public synchronized Listening listen(Map<Integer, Long> from, Listener next) {
        listener = Optional.of(next);
        new ArrayList<>(finals.entrySet()).forEach(each -> tell(next, each.getKey(), each.getValue()));
        return this::leave;
    }

    private synchronized void leave() {
        listener = Optional.empty();
    }
}
