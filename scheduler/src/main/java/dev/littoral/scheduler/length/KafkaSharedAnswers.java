package dev.littoral.scheduler.length;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.littoral.protocol.events.Topics;
import io.smallrye.reactive.messaging.annotations.Blocking;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/** Writes learned answers to the compacted topic of state, and hears those of other schedulers and of earlier runs. */
@ApplicationScoped
class KafkaSharedAnswers implements SharedAnswers, KeptAnswers {

    private static final Logger LOG = Logger.getLogger(KafkaSharedAnswers.class);
    private static final String KIND = "length/";
    private static final String FROM = "littoral-scheduler";
    private static final String CHANNEL = "responses";
    private static final int MOST_UNSENT = 256;

    private final KafkaClientService clients;
    private final Instance<PredictedLengths> lengths;
    private final Map<String, Set<String>> keysByDeployment = new ConcurrentHashMap<>();
    private final byte[] self = UUID.randomUUID().toString().getBytes(UTF_8);

    /** A producer without metadata waits for the broker: not the learning thread's business. */
    private final Executor sender = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_UNSENT),
            Thread.ofPlatform().daemon().name("state-sender").factory(),
            new ThreadPoolExecutor.DiscardPolicy());

    KafkaSharedAnswers(KafkaClientService clients, Instance<PredictedLengths> lengths) {
        this.clients = clients;
        this.lengths = lengths;
    }

    @Override
    public void tell(String deployment, LearnedAnswer answer) {
        ProducerRecord<byte[], byte[]> told = new ProducerRecord<>(
                Topics.STATE, (KIND + answer.slot() + "/" + deployment).getBytes(UTF_8), answer.write());
        told.headers().add(FROM, self);
        sender.execute(() -> send(List.of(told)));
    }

    @Override
    public Set<String> deployments() {
        return Set.copyOf(keysByDeployment.keySet());
    }

    /** Writes tombstones; what is not heard back from the topic is still kept, and can be dropped again. */
    @Override
    public void drop(String deployment) {
        List<ProducerRecord<byte[], byte[]>> tombstones = keysByDeployment.getOrDefault(deployment, Set.of()).stream()
                .map(key -> new ProducerRecord<byte[], byte[]>(Topics.STATE, key.getBytes(UTF_8), null))
                .toList();
        sender.execute(() -> send(tombstones));
    }

    private void send(List<ProducerRecord<byte[], byte[]>> records) {
        try {
            Optional.ofNullable(clients.<byte[], byte[]>getProducer(CHANNEL))
                    .ifPresent(producer -> records.forEach(each -> {
                        var ignored = producer.unwrap().send(each);
                    }));
        } catch (RuntimeException e) {
            LOG.debugf("what was learned is not shared: %s", e);
        }
    }

    /** Waits while much is to be learned: the topic is read no further then. */
    @Incoming("state")
    @Blocking
    CompletionStage<Void> hear(Message<byte[]> message) {
        try {
            message.getMetadata(IncomingKafkaRecordMetadata.class).ifPresent(metadata -> {
                Header from = metadata.getHeaders().lastHeader(FROM);
                boolean own = from != null && Arrays.equals(from.value(), self);
                Optional.ofNullable(metadata.getKey())
                        .map(byte[].class::cast)
                        .map(bytes -> new String(bytes, UTF_8))
                        .filter(text -> text.startsWith(KIND))
                        .ifPresent(key -> heard(key, Optional.ofNullable(message.getPayload()), own));
            });
        } catch (RuntimeException e) {
            // an exception that left here would end the hearing for good
            LOG.errorf(e, "a record of state is left out");
        }
        return message.ack();
    }

    /** Called by the one thread that hears. */
    private void note(String deployment, String key, boolean kept) {
        Set<String> keys = keysByDeployment.computeIfAbsent(deployment, name -> ConcurrentHashMap.newKeySet());
        boolean ignored = kept ? keys.add(key) : keys.remove(key);
        if (keys.isEmpty()) {
            keysByDeployment.remove(deployment);
        }
    }

    private void heard(String key, Optional<byte[]> value, boolean own) {
        int slash = key.indexOf('/', KIND.length());
        if (slash < 0) {
            return;
        }
        String deployment = key.substring(slash + 1);
        note(deployment, key, value.isPresent());
        if (!own) {
            value.ifPresent(bytes -> LearnedAnswer.read(bytes)
                    .ifPresentOrElse(
                            answer -> lengths.get().heard(deployment, answer),
                            () -> LOG.debugf("a record of state is of another version: %s", key)));
        }
    }
}
