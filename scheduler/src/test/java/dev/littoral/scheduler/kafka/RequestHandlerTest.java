package dev.littoral.scheduler.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestHandlerTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CHAT = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private final Rig rig = new Rig();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Written written = new Written();
    private final RequestHandler handler =
            new RequestHandler(rig.answering, written, new Settings(), Rig.CLOCK, new OnceOnly(new Settings()), meters);
    private final PartitionBook book =
            new PartitionBook(Progress.startingAt(0), OptionalInt.of(3), 0, FinalsWriter.unfenced(written));
    private long offset;
    private final List<FakeAgent> agents = new ArrayList<>();

    @AfterEach
    void close() {
        rig.close();
        agents.forEach(FakeAgent::close);
    }

    @Test
    void chunksComeInOrderAndThenOneFinal() throws Exception {
        deploy(FakeAgent.saying("to", "day"));

        handle(Optional.of("k".getBytes(UTF_8)), wire("r1", CHAT));

        assertThat(written.responses)
                .extracting(each -> header(each, "ce_type"))
                .containsExactly(
                        "dev.littoral.response.chunk", "dev.littoral.response.chunk", "dev.littoral.response.final");
        assertThat(written.responses).allSatisfy(each -> {
            assertThat(header(each, "ce_requestid")).isEqualTo("r1");
            assertThat(new String(each.key().orElseThrow(), UTF_8)).isEqualTo("k");
        });
        assertThat(written.responses.subList(0, 2))
                .extracting(each -> header(each, "ce_attempt") + "/" + header(each, "ce_sequence"))
                .containsExactly("1/0", "1/1");
        JsonNode end = data(written.responses.getLast());
        assertThat(end.path("id").asText()).isEqualTo("r1");
        assertThat(end.path("status_code").asInt()).isEqualTo(200);
        assertThat(end.has("error_code")).isFalse();
        assertThat(end.at("/payload/choices/0/message/content").asText()).isEqualTo("today");
    }

    @Test
    void theSameIdTwiceIsAnsweredOnce() throws Exception {
        deploy(FakeAgent.saying("x"));

        handle(Optional.empty(), wire("r1", CHAT));
        handle(Optional.empty(), wire("r1", CHAT));

        assertThat(finals()).hasSize(1);
        assertThat(agents.getFirst().requests()).hasSize(1);
    }

    @Test
    void theSameIdWithAnotherBodyIsADeadLetterAndNoSecondFinal() throws Exception {
        deploy(FakeAgent.saying("x"));

        handle(Optional.empty(), wire("r1", CHAT));
        handle(Optional.empty(), wire("r1", CHAT.replace("hi", "ho")));

        assertThat(finals()).hasSize(1);
        assertThat(header(written.deadLetters.getFirst(), "littoral-reason")).isEqualTo("IdReused");
        assertThat(agents.getFirst().requests()).hasSize(1);
    }

    @Test
    void theTraceGoesOnToTheAgentAndIntoEveryAnswer() throws Exception {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        deploy(FakeAgent.saying("x"));

        handle(Optional.empty(), wire("r1", CHAT, "traceparent", trace));

        assertThat(agents.getFirst().traces()).containsExactly(trace);
        assertThat(written.responses)
                .hasSize(2)
                .allSatisfy(each -> assertThat(header(each, "traceparent")).isEqualTo(trace));
    }

    @Test
    void whatTheSchemasSayIsWhatIsWritten() throws Exception {
        deploy(FakeAgent.saying("to", "day"));
        handle(Optional.of("k".getBytes(UTF_8)), wire("r1", CHAT));
        handle(Optional.empty(), wire("r2", "{\"model\":\"tiny\",\"prompt\":\"x\"}"));
        handle(Optional.empty(), wire("r3", "{\"model\":\"none\",\"prompt\":\"x\"}"));
        handle(Optional.empty(), wire("r4", "hello"));

        for (Publisher.Outgoing each : written.responses) {
            String kind = header(each, "ce_type").endsWith("final") ? "final" : "chunk";
            assertThat(Contract.faults(kind + "-headers", each.headers())).isEmpty();
            assertThat(Contract.faults(kind, each.value().orElseThrow())).isEmpty();
        }
        assertThat(Contract.faults(
                        "dead-letter-headers", written.deadLetters.getFirst().headers()))
                .isEmpty();
        assertThat(Contract.faults("request", CHAT.getBytes(UTF_8))).isEmpty();
        assertThat(Contract.faults("request-headers", wire("r1", CHAT).headers()))
                .isEmpty();
        // a check that cannot fail says nothing
        assertThat(Contract.faults("final", written.responses.getFirst().value().orElseThrow()))
                .isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ce_deadline, 0, BadAttribute",
        "ce_deadline, yesterday, BadAttribute",
        "ce_priority, 99999999999, BadAttribute",
        "ce_priority, high, BadAttribute",
        "ce_type, other, UnknownType"
    })
    void anAttributeThatCannotBeReadIsADeadLetterAndItsSenderIsTold(String name, String value, String reason)
            throws Exception {
        handle(Optional.empty(), wire("r1", CHAT, name, value));

        assertThat(header(written.deadLetters.getFirst(), "littoral-reason")).isEqualTo(reason);
        assertThat(finals()).containsExactly("INVALID_REQUEST");
    }

    @Test
    void theLeastPriorityIsServedToo() throws Exception {
        deploy(FakeAgent.saying("x"));

        handle(Optional.empty(), wire("r1", CHAT, "ce_priority", Integer.toString(Integer.MIN_VALUE)));

        assertThat(finals()).containsExactly("");
    }

    @Test
    void bytesOfEveryKindNeverStopTheHandler() throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        for (int each = 0; each < 300; each++) {
            byte[] value = new byte[random.nextInt(200)];
            byte[] header = new byte[random.nextInt(40)];
            random.nextBytes(value);
            random.nextBytes(header);
            Map<String, byte[]> headers =
                    new HashMap<>(wire("poison-" + each, "").headers());
            headers.put(
                    List.of("ce_id", "ce_time", "ce_deadline", "ce_source", "content-type")
                            .get(each % 5),
                    header);

            assertThat(handle(Optional.of(header), new WireRecord(headers, Optional.of(value))))
                    .isTrue();
        }
        assertThat(written.deadLetters).hasSize(300);
    }

    @Test
    void aTopicThatRefusesTheWriterIsAskedUntilItDoesNot() throws Exception {
        written.failure = new TopicAuthorizationException("littoral.responses");
        written.refusals.set(3);

        handle(Optional.empty(), wire("r1", "{\"model\":\"none\",\"prompt\":\"x\"}"));

        assertThat(finals()).containsExactly("MODEL_NOT_FOUND");
    }

    @Test
    void theSameIdWhileItRunsWaitsForItsFinal() throws Exception {
        deploy(FakeAgent.hanging("x"));
        CompletableFuture<Void> first = later(wire("r1", CHAT));
        await().until(() -> agents.getFirst().running() == 1);
        CompletableFuture<Void> second = later(wire("r1", CHAT));
        await().during(Duration.ofMillis(200)).until(() -> !second.isDone());

        handler.cancel("r1");

        CompletableFuture.allOf(first, second).join();
        assertThat(finals()).hasSize(1);
    }

    @Test
    void aCancellationEndsTheRequest() throws Exception {
        deploy(FakeAgent.hanging("x"));
        CompletableFuture<Void> run = later(wire("r1", CHAT));
        await().until(() -> agents.getFirst().running() == 1);

        handler.cancel("r1");

        run.join();
        assertThat(finals()).containsExactly("CANCELLED");
        await().until(() -> agents.getFirst().running() == 0);
    }

    @Test
    void aDeadlineInThePastIsAnsweredSo() throws Exception {
        deploy(FakeAgent.saying("x"));

        handle(Optional.empty(), wire("r1", CHAT, "ce_deadline", "2020-01-01T00:00:00Z"));

        assertThat(finals()).containsExactly("DEADLINE_EXCEEDED");
        assertThat(agents.getFirst().requests()).isEmpty();
    }

    @Test
    void aModelThatIsNotThereIsAnsweredSo() throws Exception {
        handle(Optional.empty(), wire("r1", CHAT));

        assertThat(finals()).containsExactly("MODEL_NOT_FOUND");
    }

    @Test
    void aBodyThatIsWrongIsAnsweredSo() throws Exception {
        handle(Optional.empty(), wire("r1", "{\"model\":\"tiny\",\"prompt\":\"x\",\"max_tokens\":-1}"));

        assertThat(finals()).containsExactly("INVALID_REQUEST");
        assertThat(written.deadLetters).isEmpty();
    }

    @Test
    void anAgentThatDiesIsReplacedAndTheReaderIsTold() throws Exception {
        FakeAgent dying = new FakeAgent("a", 1, FakeAgent.hanging("one"));
        agents.add(dying);
        rig.deploy(dying);
        CompletableFuture<Void> run = later(wire("r1", CHAT));
        await().until(() -> written.responses.size() == 1);
        FakeAgent other = new FakeAgent("b", 1, FakeAgent.saying("uno"));
        agents.add(other);

        dying.close();
        rig.directory.put("default", "tiny", other.ref());

        run.join();
        assertThat(written.responses)
                .extracting(each -> header(each, "ce_attempt") + "/" + header(each, "ce_sequence"))
                .containsExactly("1/0", "2/0", "/");
        assertThat(data(written.responses.getLast())
                        .at("/payload/choices/0/message/content")
                        .asText())
                .isEqualTo("uno");
    }

    @Test
    void whatIsNotJsonIsADeadLetterAndItsSenderIsTold() throws Exception {
        handle(Optional.of("k".getBytes(UTF_8)), wire("r1", "hello"));

        Publisher.Outgoing letter = written.deadLetters.getFirst();
        assertThat(header(letter, "littoral-reason")).isEqualTo("NotJson");
        assertThat(header(letter, "littoral-message")).isNotBlank();
        assertThat(header(letter, "ce_id")).isEqualTo("r1");
        assertThat(new String(letter.value().orElseThrow(), UTF_8)).isEqualTo("hello");
        assertThat(finals()).containsExactly("INVALID_REQUEST");
    }

    @Test
    void whatHasNoIdIsADeadLetterOnly() throws Exception {
        handle(Optional.empty(), new WireRecord(Map.of(), Optional.of(CHAT.getBytes(UTF_8))));

        assertThat(header(written.deadLetters.getFirst(), "littoral-reason")).isEqualTo("NoId");
        assertThat(written.responses).isEmpty();
    }

    @Test
    void tenMegabytesAreADeadLetter() throws Exception {
        handle(Optional.empty(), wire("r1", "{\"model\":\"" + "x".repeat(10_000_000) + "\"}"));

        Publisher.Outgoing letter = written.deadLetters.getFirst();
        assertThat(header(letter, "littoral-reason")).isEqualTo("TooLarge");
        assertThat(letter.value().orElseThrow()).hasSizeGreaterThan(10_000_000);
    }

    @Test
    void aFinalThatTheBrokerDoesNotTakeIsSentAgain() throws Exception {
        deploy(FakeAgent.saying("x"));
        written.refusals.set(2);

        handle(Optional.empty(), wire("r1", "{\"model\":\"none\",\"prompt\":\"x\"}"));

        assertThat(finals()).containsExactly("MODEL_NOT_FOUND");
        assertThat(written.refusals).hasValue(0);
    }

    @Test
    void anAnswerThatTheTopicNeverTakesBecomesARefusal() throws Exception {
        deploy(FakeAgent.saying("y".repeat(3000)));
        written.longestBytes = 2000;

        handle(Optional.empty(), wire("r1", CHAT));

        assertThat(finals()).containsExactly("INVALID_REQUEST");
    }

    @Test
    void chunksThatCannotBeWrittenDoNotSpoilTheFinal() throws Exception {
        deploy(FakeAgent.saying("to", "day"));
        written.chunksFail = true;

        handle(Optional.empty(), wire("r1", CHAT));

        assertThat(data(written.responses.getLast()).path("status_code").asInt())
                .isEqualTo(200);
        assertThat(data(written.responses.getLast())
                        .at("/payload/choices/0/message/content")
                        .asText())
                .isEqualTo("today");
    }

    private void deploy(FakeAgent.Script script) {
        FakeAgent agent = new FakeAgent("a", 1, script);
        agents.add(agent);
        rig.deploy(agent);
    }

    private boolean handle(Optional<byte[]> key, WireRecord wire) throws InterruptedException {
        book.read(offset);
        return handler.handle(key, wire, book.entry(offset++));
    }

    private CompletableFuture<Void> later(WireRecord wire) {
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

    private List<String> finals() throws IOException {
        List<String> codes = new ArrayList<>();
        for (Publisher.Outgoing each : written.responses) {
            if (header(each, "ce_type").endsWith("final")) {
                codes.add(data(each).path("error_code").asText());
            }
        }
        return codes;
    }

    private static JsonNode data(Publisher.Outgoing outgoing) throws IOException {
        return JSON.readTree(outgoing.value().orElseThrow());
    }

    private static String header(Publisher.Outgoing outgoing, String name) {
        return new String(outgoing.headers().getOrDefault(name, new byte[0]), UTF_8);
    }

    private static WireRecord wire(String id, String body, String... more) {
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
    private static final class Written implements Publisher {

        final List<Outgoing> responses = new CopyOnWriteArrayList<>();
        final List<Outgoing> deadLetters = new CopyOnWriteArrayList<>();
        final AtomicInteger refusals = new AtomicInteger();

        private Exception failure = new IOException("not now");
        private int longestBytes = Integer.MAX_VALUE;
        private boolean chunksFail;

        @Override
        public CompletableFuture<OptionalLong> response(Outgoing outgoing) {
            if (outgoing.value().orElseThrow().length > longestBytes) {
                return CompletableFuture.failedFuture(new RecordTooLargeException("too large"));
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

        @Override
        public CompletableFuture<OptionalLong> deadLetter(Outgoing outgoing) {
            deadLetters.add(outgoing);
            return CompletableFuture.completedFuture(OptionalLong.empty());
        }
    }

    private record Settings() implements KafkaSettings {

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
        public long maxHeldBytes() {
            return 1 << 24;
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
