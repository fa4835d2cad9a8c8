package dev.littoral.scheduler.length;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.littoral.protocol.events.Topics;
import dev.littoral.scheduler.kafka.TopicsThere;
import io.smallrye.reactive.messaging.annotations.Blocking;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaProducer;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.util.Arrays;
import java.util.HashMap;
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
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/**
 * Writes learned answers to the compacted topic of state, and hears those of other schedulers and of earlier runs. Where a
 * deployment's answers changed their length, a record behind the old ones says so: they are told apart by their order.
 */
@ApplicationScoped
class KafkaSharedAnswers implements SharedAnswers, KeptAnswers {

    private static final Logger LOG = Logger.getLogger(KafkaSharedAnswers.class);
    private static final String KIND = "length/";
    private static final String DRIFT = "drift/";
    private static final byte[] DRIFT_VERSION = {1};
    private static final String FROM = "littoral-scheduler";
    private static final String CHANNEL = "responses";
    private static final int MOST_UNSENT = 256;

    private final KafkaClientService clients;
    private final TopicsThere topics;
    private final Instance<PredictedLengths> lengths;
    private final Map<String, Set<String>> keysByDeployment = new ConcurrentHashMap<>();

    /** Deployments whose change is to be written yet. */
    private final Set<String> unsaid = ConcurrentHashMap.newKeySet();

    /** By deployment, the offset of the last change that was heard: the topic may be heard from the beginning again. */
    private final Map<String, Long> changes = new HashMap<>();

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

    KafkaSharedAnswers(KafkaClientService clients, TopicsThere topics, Instance<PredictedLengths> lengths) {
        this.clients = clients;
        this.topics = topics;
        this.lengths = lengths;
    }

    @Override
    public void tell(String deployment, LearnedAnswer answer) {
        sayChanges();
        ProducerRecord<byte[], byte[]> told = own(KIND + answer.slot() + "/" + deployment, answer.write());
        sender.execute(() -> send(List.of(told)));
    }

    @Override
    public void drifted(String deployment) {
        unsaid.add(deployment);
        sayChanges();
    }

    private void sayChanges() {
        if (!unsaid.isEmpty()) {
            // behind what waits to be sent, which is older
            sender.execute(() -> List.copyOf(unsaid).forEach(this::sayChange));
        }
    }

    private void sayChange(String deployment) {
        try {
            Optional<Producer<byte[], byte[]>> producer = producer();
            if (producer.isPresent() && unsaid.remove(deployment)) {
                sayChange(producer.orElseThrow(), deployment);
            }
        } catch (RuntimeException e) {
            LOG.debugf("that answers changed is not shared yet: %s", e);
        }
    }

    private void sayChange(Producer<byte[], byte[]> producer, String deployment) {
        try {
            var ignored = producer.send(own(DRIFT + deployment, DRIFT_VERSION), (metadata, failure) -> {
                if (failure != null) {
                    unsaid.add(deployment);
                }
            });
        } catch (RuntimeException e) {
            unsaid.add(deployment);
            throw e;
        }
    }

    private ProducerRecord<byte[], byte[]> own(String key, byte[] value) {
        ProducerRecord<byte[], byte[]> told = new ProducerRecord<>(Topics.STATE, key.getBytes(UTF_8), value);
        told.headers().add(FROM, self);
        return told;
    }

    @Override
    public Set<String> deployments() {
        return Set.copyOf(keysByDeployment.keySet());
    }

    /**
     * Writes tombstones, one for its change, too: whoever hears the topic before it is compacted hears the answers, and
     * then that they no longer hold. What is not heard back from the topic is still kept, and can be dropped again.
     */
    @Override
    public void drop(String deployment) {
        List<ProducerRecord<byte[], byte[]>> tombstones = Stream.concat(
                        Stream.of(DRIFT + deployment), keysByDeployment.getOrDefault(deployment, Set.of()).stream())
                .distinct()
                .map(key -> new ProducerRecord<byte[], byte[]>(Topics.STATE, key.getBytes(UTF_8), null))
                .toList();
        sender.execute(() -> send(tombstones));
    }

    private void send(List<ProducerRecord<byte[], byte[]>> records) {
        try {
            producer()
                    .ifPresent(producer -> records.forEach(each -> {
                        var ignored = producer.send(each);
                    }));
        } catch (RuntimeException e) {
            LOG.debugf("what was learned is not shared: %s", e);
        }
    }

    private Optional<Producer<byte[], byte[]>> producer() {
        return Optional.of(Topics.STATE)
                .filter(topics::has)
                .flatMap(topic -> Optional.ofNullable(clients.<byte[], byte[]>getProducer(CHANNEL)))
                .map(KafkaProducer::unwrap);
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
                        .ifPresent(key ->
                                heard(key, metadata.getOffset(), Optional.ofNullable(message.getPayload()), own));
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

    private void heard(String key, long offset, Optional<byte[]> value, boolean own) {
        if (key.startsWith(KIND)) {
            heardAnswer(key, value, own);
        } else if (key.startsWith(DRIFT)) {
            heardChange(key, offset, value, own);
        }
    }

    private void heardChange(String key, long offset, Optional<byte[]> value, boolean own) {
        String deployment = key.substring(DRIFT.length());
        note(deployment, key, value.isPresent());
        boolean first = changes.getOrDefault(deployment, -1L) < offset;
        changes.merge(deployment, offset, Math::max);
        if (first && !own) {
            lengths.get().anew(deployment);
        }
    }

    private void heardAnswer(String key, Optional<byte[]> value, boolean own) {
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
