package dev.littoral.scheduler.length;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.scheduler.rig.OneProducer;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import jakarta.enterprise.inject.Instance;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.junit.jupiter.api.Test;

class KafkaSharedAnswersTest {

    private static final byte[] OTHER_VERSION = {0};

    private final MockProducer<byte[], byte[]> broker =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final KafkaSharedAnswers shared = new KafkaSharedAnswers(new OneProducer(() -> broker), nobody());

    @Test
    void everyKeyOfADroppedDeploymentGetsATombstone() {
        hear("length/7/default/goes", Optional.of(OTHER_VERSION));
        hear("length/9/default/goes", Optional.of(OTHER_VERSION));
        hear("length/7/default/stays", Optional.of(OTHER_VERSION));

        shared.drop("default/goes");

        await().atMost(Duration.ofMinutes(1)).until(() -> broker.history().size() == 2);
        List<ProducerRecord<byte[], byte[]>> written = broker.history();
        assertThat(written).extracting(ProducerRecord::topic).containsOnly("littoral.state");
        assertThat(written).extracting(ProducerRecord::value).containsOnlyNulls();
        assertThat(written)
                .extracting(each -> new String(each.key(), UTF_8))
                .containsExactlyInAnyOrder("length/7/default/goes", "length/9/default/goes");
    }

    @Test
    void itIsKeptUntilTheTombstonesAreHeard() {
        hear("length/7/default/goes", Optional.of(OTHER_VERSION));
        hear("length/9/default/goes", Optional.of(OTHER_VERSION));
        hear("length/7/default/goes", Optional.empty());
        assertThat(shared.deployments()).containsExactly("default/goes");

        hear("length/9/default/goes", Optional.empty());

        assertThat(shared.deployments()).isEmpty();
    }

    @Test
    void keysOfOtherKindsAreNobodys() {
        hear("other/7/default/tiny", Optional.of(OTHER_VERSION));
        hear("length/x", Optional.of(OTHER_VERSION));

        assertThat(shared.deployments()).isEmpty();
    }

    private void hear(String key, Optional<byte[]> value) {
        ConsumerRecord<byte[], byte[]> heard =
                new ConsumerRecord<>("littoral.state", 0, 0, key.getBytes(UTF_8), value.orElse(null));
        Message<byte[]> message =
                Message.of(value.orElse(null), Metadata.of(new IncomingKafkaRecordMetadata<>(heard, "state")));
        assertThat(shared.hear(message).toCompletableFuture()).isCompleted();
    }

    /** Records of another version teach nobody. */
    @SuppressWarnings("unchecked")
    private static Instance<PredictedLengths> nobody() {
        return (Instance<PredictedLengths>) Proxy.newProxyInstance(
                Instance.class.getClassLoader(), new Class<?>[] {Instance.class}, (proxy, method, arguments) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
