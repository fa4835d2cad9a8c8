package dev.littoral.scheduler.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.littoral.protocol.events.WireRecord;
import dev.littoral.scheduler.rig.FakeAgent;
import dev.littoral.scheduler.rig.Rig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.AfterEach;

/** A handler with real parts behind it, and a broker that keeps what it takes. */
abstract class HandlerRig {

    static final ObjectMapper JSON = new ObjectMapper();
    static final String CHAT = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    static final PartitionBook.Tenure TENURE = new PartitionBook.Tenure(7, 3, 0);

    final Rig rig = new Rig();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final Written written = new Written();
    final RequestHandler handler =
            new RequestHandler(rig.answering, written, new Settings(), Rig.CLOCK, new OnceOnly(new Settings()), meters);
    final PartitionBook book = new PartitionBook(TENURE, Progress.startingAt(0), 0, FinalsWriter.unfenced(written));
    long offset;
    final List<FakeAgent> agents = rig.agents;

    @AfterEach
    void close() {
        rig.close();
    }

    void deploy(FakeAgent.Script script) {
        FakeAgent ignored = rig.deploy(1, script);
    }

    boolean handle(Optional<byte[]> key, WireRecord wire) throws InterruptedException {
        book.read(offset);
        return handler.handle(key, wire, book.entry(offset++));
    }

    CompletableFuture<Void> later(WireRecord wire) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        handle(Optional.empty(), wire);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                task -> Thread.ofVirtual().start(task));
    }

    List<String> finals() throws IOException {
        List<String> codes = new ArrayList<>();
        for (Publisher.Outgoing each : written.responses) {
            if (header(each, "ce_type").endsWith("final")) {
                codes.add(data(each).path("error_code").asText());
            }
        }
        return codes;
    }

    static JsonNode data(Publisher.Outgoing outgoing) throws IOException {
        return JSON.readTree(outgoing.value().orElseThrow());
    }

    static String header(Publisher.Outgoing outgoing, String name) {
        return new String(outgoing.headers().getOrDefault(name, new byte[0]), UTF_8);
    }

    static WireRecord wire(String id, String body, String... more) {
        Map<String, byte[]> headers = new HashMap<>();
        headers.put("ce_id", id.getBytes(UTF_8));
        headers.put("ce_source", "test".getBytes(UTF_8));
        headers.put("ce_type", "dev.littoral.request".getBytes(UTF_8));
        for (int each = 0; each < more.length; each += 2) {
            headers.put(more[each], more[each + 1].getBytes(UTF_8));
        }
        return new WireRecord(headers, Optional.of(body.getBytes(UTF_8)));
    }

    /** A broker that keeps what it takes. */
    static final class Written implements Publisher {

        final List<Outgoing> responses = new CopyOnWriteArrayList<>();
        final List<Outgoing> deadLetters = new CopyOnWriteArrayList<>();
        final AtomicInteger refusals = new AtomicInteger();
        final AtomicInteger errors = new AtomicInteger();

        Exception failure = new IOException("not now");
        int longestBytes = Integer.MAX_VALUE;
        /** Of key, headers and value together, be it a response or a dead letter. */
        int longestRecordBytes = Integer.MAX_VALUE;

        boolean chunksFail;

        @Override
        public CompletableFuture<OptionalLong> response(Outgoing outgoing) {
            if (tooLong(outgoing)) {
                return CompletableFuture.failedFuture(new RecordTooLargeException("too large"));
            }
            if (outgoing.value().orElseThrow().length > longestBytes) {
                return CompletableFuture.failedFuture(new RecordTooLargeException("too large"));
            }
            if (outgoing.headers().get("ce_sequence") == null
                    && errors.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new OutOfMemoryError("as if");
            }
            if (chunksFail && outgoing.headers().containsKey("ce_sequence")) {
                return CompletableFuture.failedFuture(new IOException("no chunks today"));
            }
            if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                return CompletableFuture.failedFuture(failure);
            }
            responses.add(outgoing);
            return CompletableFuture.completedFuture(OptionalLong.of(responses.size() - 1));
        }

        private boolean tooLong(Outgoing outgoing) {
            return bytes(outgoing) > longestRecordBytes;
        }

        @Override
        public CompletableFuture<OptionalLong> deadLetter(Outgoing outgoing) {
            if (tooLong(outgoing)) {
                return CompletableFuture.failedFuture(new RecordTooLargeException("too large"));
            }
            deadLetters.add(outgoing);
            return CompletableFuture.completedFuture(OptionalLong.empty());
        }
    }

    /** As long as the record is on the wire, but for some bytes of each field. */
    static int bytes(Publisher.Outgoing outgoing) {
        return outgoing.key().map(key -> key.length).orElse(0)
                + outgoing.value().map(value -> value.length).orElse(0)
                + outgoing.headers().entrySet().stream()
                        .mapToInt(each -> each.getKey().length() + each.getValue().length)
                        .sum();
    }

    record Settings() implements KafkaSettings {

        @Override
        public int maxInFlight() {
            return 4;
        }

        @Override
        public int maxRequestBytes() {
            return 1 << 20;
        }

        @Override
        public Duration deadline() {
            return Duration.ofMinutes(1);
        }

        @Override
        public Duration patience() {
            return Duration.ofSeconds(30);
        }

        @Override
        public OptionalLong maxHeldBytes() {
            return OptionalLong.empty();
        }

        @Override
        public boolean fencedFinals() {
            return false;
        }

        @Override
        public int rememberedIds() {
            return 100;
        }

        @Override
        public Duration resendAfter() {
            return Duration.ofMillis(20);
        }

        @Override
        public Duration topicWait() {
            return Duration.ZERO;
        }

        @Override
        public int partitions() {
            return 1;
        }

        @Override
        public short replicas() {
            return -1;
        }

        @Override
        public int maxRecordBytes() {
            return 1 << 24;
        }
    }
}
