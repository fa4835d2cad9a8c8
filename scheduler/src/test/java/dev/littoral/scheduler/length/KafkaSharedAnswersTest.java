package dev.littoral.scheduler.length;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.algorithms.length.Features;
import dev.littoral.algorithms.length.Label;
import dev.littoral.algorithms.length.PromptReading;
import dev.littoral.algorithms.length.WarmFactor;
import dev.littoral.protocol.events.Topics;
import dev.littoral.scheduler.kafka.TopicsThere;
import dev.littoral.scheduler.openai.OpenAiParser;
import dev.littoral.scheduler.request.Dialect;
import dev.littoral.scheduler.request.InferenceRequest;
import dev.littoral.scheduler.request.RequestParsing;
import dev.littoral.scheduler.rig.OneProducer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import jakarta.enterprise.inject.Instance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KafkaSharedAnswersTest {

    private static final byte[] OTHER_VERSION = {0};
    private static final byte[] CHANGED = {1};
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int NO_CAP = 100_000;

    private final MockProducer<byte[], byte[]> broker =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final TopicsThere topics = new TopicsThere();

    /** Without an encoder lengths are those of a histogram, which learns from what is heard, too. */
    private final PredictedLengths lengths = new PredictedLengths(
            shipped(), Optional.empty(), new UsualSettings(), new ToldAnswers(), new SimpleMeterRegistry());

    private final KafkaSharedAnswers shared =
            new KafkaSharedAnswers(new OneProducer(() -> broker), topics, instance(lengths));
    private long end;

    @BeforeEach
    void make() {
        topics.seen(List.of(Topics.STATE));
    }

    @AfterEach
    void close() {
        lengths.close();
    }

    @Test
    void everyKeyOfADroppedDeploymentGetsATombstone() {
        hear("length/7/default/goes", Optional.of(OTHER_VERSION));
        hear("length/9/default/goes", Optional.of(OTHER_VERSION));
        hear("drift/default/goes", Optional.of(CHANGED));
        hear("length/7/default/stays", Optional.of(OTHER_VERSION));

        shared.drop("default/goes");

        await().atMost(LONG).until(() -> broker.history().size() == 3);
        List<ProducerRecord<byte[], byte[]>> written = broker.history();
        assertThat(written).extracting(ProducerRecord::topic).containsOnly("littoral.state");
        assertThat(written).extracting(ProducerRecord::value).containsOnlyNulls();
        assertThat(written)
                .extracting(KafkaSharedAnswersTest::key)
                .containsExactlyInAnyOrder("length/7/default/goes", "length/9/default/goes", "drift/default/goes");
    }

    @Test
    void itIsKeptUntilTheTombstonesAreHeard() {
        hear("length/7/default/goes", Optional.of(OTHER_VERSION));
        hear("drift/default/goes", Optional.of(CHANGED));
        hear("length/7/default/goes", Optional.empty());
        assertThat(shared.deployments()).containsExactly("default/goes");

        hear("drift/default/goes", Optional.empty());

        assertThat(shared.deployments()).isEmpty();
    }

    @Test
    void keysOfOtherKindsAreNobodys() {
        hear("other/7/default/tiny", Optional.of(OTHER_VERSION));
        hear("length/x", Optional.of(OTHER_VERSION));

        assertThat(shared.deployments()).isEmpty();
    }

    @Test
    void whatWasToldBeforeADriftIsNotLearned() {
        hearAnswers(0, 100, 10);
        await().atMost(LONG).until(() -> median() < 100);

        hear("drift/default/tiny", Optional.of(CHANGED));
        hearAnswers(100, 30, 5000);

        // with the 100 of before, the median would be theirs
        await().atMost(LONG).until(() -> median() > 3000);
    }

    @Test
    void aDroppedDeploymentThatComesBackDoesNotLearnFromBefore() {
        hearAnswers(0, 100, 10);
        hear("drift/default/tiny", Optional.empty());
        hearAnswers(100, 30, 5000);

        await().atMost(LONG).until(() -> median() > 3000);
    }

    @Test
    void aDriftThatIsHeardAgainDropsNothing() {
        hear("drift/default/tiny", Optional.of(CHANGED));
        hearAnswers(0, 30, 5000);
        await().atMost(LONG).until(() -> median() > 3000);

        end = 0;
        hear("drift/default/tiny", Optional.of(CHANGED));
        hear("length/1/default/marker", Optional.of(answer(1, 1).write()));
        await().atMost(LONG).until(() -> lengths.deployments().contains("default/marker"));

        assertThat(median()).isGreaterThan(3000);
    }

    @Test
    void anOwnDriftDropsNothingHere() {
        hearAnswers(0, 30, 5000);
        await().atMost(LONG).until(() -> median() > 3000);
        shared.drifted("default/tiny");
        await().atMost(LONG).until(() -> broker.history().size() == 1);
        ProducerRecord<byte[], byte[]> own = broker.history().getFirst();

        hear(key(own), Optional.of(own.value()), own.headers());
        hear("length/1/default/marker", Optional.of(answer(1, 1).write()));
        await().atMost(LONG).until(() -> lengths.deployments().contains("default/marker"));

        assertThat(key(own)).isEqualTo("drift/default/tiny");
        assertThat(median()).isGreaterThan(3000);
    }

    @Test
    void aDriftLiesBetweenTheAnswersBeforeItAndThoseBehind() {
        shared.tell("default/tiny", answer(1, 10));
        shared.drifted("default/tiny");
        shared.tell("default/tiny", answer(2, 5000));

        await().atMost(LONG).until(() -> broker.history().size() == 3);
        assertThat(broker.history())
                .extracting(KafkaSharedAnswersTest::key)
                .containsExactly(
                        "length/" + answer(1, 10).slot() + "/default/tiny",
                        "drift/default/tiny",
                        "length/" + answer(2, 5000).slot() + "/default/tiny");
    }

    @Test
    void aDriftThatTheBrokerDidNotTakeIsSentBeforeTheNextAnswer() {
        MockProducer<byte[], byte[]> refusing =
                new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        AtomicInteger asked = new AtomicInteger();
        KafkaSharedAnswers later = new KafkaSharedAnswers(
                new OneProducer(() -> {
                    if (asked.incrementAndGet() == 1) {
                        throw new IllegalStateException("no producer yet");
                    }
                    return refusing;
                }),
                topics,
                instance(lengths));
        later.drifted("default/tiny");
        await().atMost(LONG).until(() -> asked.get() == 1);
        later.tell("default/tiny", answer(1, 5000));
        await().atMost(LONG).until(() -> refusing.history().size() == 2);
        assertThat(refusing.errorNext(new TimeoutException("the broker is away")))
                .isTrue();

        later.tell("default/tiny", answer(2, 5000));

        await().atMost(LONG).until(() -> refusing.history().size() == 4);
        assertThat(refusing.history())
                .extracting(KafkaSharedAnswersTest::key)
                .containsExactly(
                        "drift/default/tiny",
                        "length/" + answer(1, 5000).slot() + "/default/tiny",
                        "drift/default/tiny",
                        "length/" + answer(2, 5000).slot() + "/default/tiny");
    }

    @Test
    void nothingIsSentBeforeTheTopicIsThere() {
        TopicsThere none = new TopicsThere();
        KafkaSharedAnswers early = new KafkaSharedAnswers(new OneProducer(() -> broker), none, instance(lengths));
        early.drifted("default/tiny");
        early.tell("default/tiny", answer(1, 10));
        assertThat(broker.history()).isEmpty();

        none.seen(List.of(Topics.STATE));
        early.tell("default/tiny", answer(2, 5000));

        String last = "length/" + answer(2, 5000).slot() + "/default/tiny";
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(broker.history())
                        .extracting(KafkaSharedAnswersTest::key)
                        .containsSubsequence("drift/default/tiny", last));
    }

    private void hearAnswers(int first, int count, int tokens) {
        for (int i = first; i < first + count; i++) {
            LearnedAnswer answer = answer(i, tokens);
            hear("length/" + answer.slot() + "/default/tiny", Optional.of(answer.write()));
        }
    }

    private static LearnedAnswer answer(int number, int tokens) {
        byte[] steps = new byte[PromptReading.size()];
        steps[0] = (byte) number;
        return new LearnedAnswer(new Features(steps), 8, new Label.Ended(tokens));
    }

    private double median() {
        try {
            return lengths.forecast("default/tiny", asking(), 8, NO_CAP)
                    .orElseThrow()
                    .medianTokens();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InferenceRequest asking() {
        String body = "{\"model\": \"m\", \"messages\": [{\"role\": \"user\", \"content\": \"Tell me a story\"}]}";
        return switch (new OpenAiParser().parse("id", Dialect.CHAT, body)) {
            case RequestParsing.Parsed.Valid valid -> valid.request();
            case RequestParsing.Parsed.Invalid invalid -> throw new AssertionError(invalid);
        };
    }

    private void hear(String key, Optional<byte[]> value) {
        hear(key, value, new RecordHeaders());
    }

    private void hear(String key, Optional<byte[]> value, Headers headers) {
        ConsumerRecord<byte[], byte[]> heard = new ConsumerRecord<>(
                "littoral.state",
                0,
                end++,
                0,
                TimestampType.CREATE_TIME,
                0,
                0,
                key.getBytes(UTF_8),
                value.orElse(null),
                headers,
                Optional.empty());
        Message<byte[]> message =
                Message.of(value.orElse(null), Metadata.of(new IncomingKafkaRecordMetadata<>(heard, "state")));
        assertThat(shared.hear(message).toCompletableFuture()).isCompleted();
    }

    private static String key(ProducerRecord<byte[], byte[]> each) {
        return new String(each.key(), UTF_8);
    }

    private static WarmFactor shipped() {
        try {
            return WarmFactor.of(WarmFactorFile.shipped());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Instance<PredictedLengths> instance(PredictedLengths lengths) {
        return (Instance<PredictedLengths>) Proxy.newProxyInstance(
                Instance.class.getClassLoader(), new Class<?>[] {Instance.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("get")) {
                        return lengths;
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
