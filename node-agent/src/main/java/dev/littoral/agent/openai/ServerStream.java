package dev.littoral.agent.openai;

import dev.littoral.agent.serve.Patience;
import dev.littoral.engine.SequenceClosedException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Is one streamed answer of the server: read event by event by one thread, cut off by any. No more of the body is asked
 * for than is read, so that a slow reader holds the server back.
 */
final class ServerStream implements AutoCloseable {

    private static final int MOST_ERROR_BYTES = 64 * 1024;
    private static final Duration LONGEST_RETRY = Duration.ofDays(1);

    private final Object lock = new Object();
    private final CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> exchange;
    private final Queue<String> events = new ArrayDeque<>();
    private final SseReader reader = new SseReader(events::add);
    private final StringBuilder errorBody = new StringBuilder();
    private @Nullable HttpResponse<?> head;
    private Flow.@Nullable Subscription subscription;
    private @Nullable RuntimeException broken;
    private boolean asked;
    private boolean ended;
    private boolean closed;

    /** Follows an exchange that was begun. */
    ServerStream(CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> exchange) {
        this.exchange = exchange;
        var _ = exchange.whenComplete(this::began);
    }

    private void began(@Nullable HttpResponse<Flow.Publisher<List<ByteBuffer>>> response, @Nullable Throwable problem) {
        if (response == null) {
            breakOff(ServerErrors.away("the server cannot be reached: " + words(problem)));
            return;
        }
        synchronized (lock) {
            head = response;
            lock.notifyAll();
        }
        response.body().subscribe(new Body());
    }

    /**
     * Waits until the server begins to answer.
     *
     * @throws io.grpc.StatusRuntimeException when it refuses the request, cannot be reached or is silent for too long
     */
    void awaitBegin(Patience patience) {
        synchronized (lock) {
            patience.await(lock, () -> closed || broken != null || head != null);
            HttpResponse<?> begun = checkedHead(patience);
            if (begun.statusCode() != 200) {
                ask();
                patience.await(lock, () -> closed || broken != null || ended);
                throw ServerErrors.of(begun.statusCode(), errorBody.toString(), retryAfter(begun));
            }
            String type = begun.headers().firstValue("content-type").orElse("none");
            if (!type.toLowerCase(Locale.ROOT).startsWith("text/event-stream")) {
                throw ServerErrors.lied("streams no events but sends content of type " + ServerErrors.shown(type)
                        + ": it must support stream=true");
            }
        }
    }

    private HttpResponse<?> checkedHead(Patience patience) {
        check();
        if (head == null) {
            throw ServerErrors.silent(patience.limit());
        }
        return head;
    }

    /**
     * Waits for the next event.
     *
     * @return its data; empty at the body's end
     * @throws io.grpc.StatusRuntimeException when the stream breaks, is malformed, or is silent for too long
     * @throws SequenceClosedException when it was closed
     */
    Optional<String> next(Patience patience) {
        synchronized (lock) {
            if (events.isEmpty() && !ended) {
                ask();
                patience.await(lock, () -> closed || !events.isEmpty() || ended || broken != null);
            }
            if (!closed && !events.isEmpty()) {
                return Optional.of(events.remove());
            }
            check();
            if (!ended) {
                throw ServerErrors.silent(patience.limit());
            }
            return Optional.empty();
        }
    }

    private void check() {
        if (closed) {
            throw new SequenceClosedException();
        }
        if (broken != null) {
            throw broken;
        }
    }

    private void ask() {
        if (subscription != null && !asked) {
            asked = true;
            subscription.request(1);
        }
    }

    private void breakOff(RuntimeException cause) {
        synchronized (lock) {
            if (broken == null) {
                broken = cause;
            }
            lock.notifyAll();
        }
    }

    private static String words(@Nullable Throwable problem) {
        Throwable cause = problem instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : problem;
        if (cause == null) {
            return "unknown";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** Reads seconds or a date (RFC 9110, section 10.2.3). */
    private static Optional<Duration> retryAfter(HttpResponse<?> response) {
        return response.headers()
                .firstValue("retry-after")
                .flatMap(ServerStream::wait)
                .filter(wait -> !wait.isNegative() && wait.compareTo(LONGEST_RETRY) <= 0);
    }

    private static Optional<Duration> wait(String text) {
        if (text.matches("\\d{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            Instant date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Optional.of(Duration.between(Instant.now(), date));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** Closes the connection at once, so that the server hears that nobody reads any more. */
    @Override
    public void close() {
        Flow.Subscription open;
        synchronized (lock) {
            closed = true;
            open = subscription;
            lock.notifyAll();
        }
        exchange.cancel(true);
        if (open != null) {
            open.cancel();
        }
    }

    private final class Body implements Flow.Subscriber<List<ByteBuffer>> {

        @Override
        public void onSubscribe(Flow.Subscription begun) {
            boolean late;
            synchronized (lock) {
                subscription = begun;
                late = closed;
                if (!late) {
                    ask();
                }
            }
            if (late) {
                begun.cancel();
            }
        }

        @Override
        public void onNext(List<ByteBuffer> bytes) {
            synchronized (lock) {
                asked = false;
                try {
                    bytes.forEach(this::take);
                } catch (RuntimeException e) {
                    breakOff(e);
                    return;
                }
                if (events.isEmpty()) {
                    ask();
                }
                lock.notifyAll();
            }
        }

        private void take(ByteBuffer bytes) {
            if (head != null && head.statusCode() == 200) {
                reader.feed(bytes);
            } else if (errorBody.length() < MOST_ERROR_BYTES) {
                errorBody.append(StandardCharsets.UTF_8.decode(bytes));
            } else {
                ended = true; // enough to say what is wrong
            }
        }

        @Override
        public void onError(Throwable problem) {
            breakOff(
                    problem instanceof IOException
                            ? ServerErrors.failed("broke the connection off within an answer: " + words(problem))
                            : ServerErrors.failed("broke off: " + problem));
        }

        @Override
        public void onComplete() {
            synchronized (lock) {
                ended = true;
                lock.notifyAll();
            }
        }
    }
}
