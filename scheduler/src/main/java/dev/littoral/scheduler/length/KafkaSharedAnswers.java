package dev.littoral.scheduler.length;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.littoral.protocol.events.Topics;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/** Writes learned answers to the compacted topic of state, and hears those of other schedulers and of earlier runs. */
@ApplicationScoped
class KafkaSharedAnswers implements SharedAnswers {

    private static final Logger LOG = Logger.getLogger(KafkaSharedAnswers.class);
    private static final String KIND = "length/";
    private static final String FROM = "littoral-scheduler";
    private static final String CHANNEL = "responses";
    private static final int MOST_UNSENT = 256;

    private final KafkaClientService clients;
    private final Instance<PredictedLengths> lengths;
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
        sender.execute(() -> send(told));
    }

    private void send(ProducerRecord<byte[], byte[]> told) {
        try {
            Optional.ofNullable(clients.<byte[], byte[]>getProducer(CHANNEL)).ifPresent(producer -> {
                var ignored = producer.unwrap().send(told);
            });
        } catch (KafkaException | IllegalStateException e) {
            LOG.debugf("what was learned is not shared: %s", e.getMessage());
        }
    }

    @Incoming("state")
    CompletionStage<Void> hear(Message<byte[]> message) {
        message.getMetadata(IncomingKafkaRecordMetadata.class).ifPresent(metadata -> {
            Optional<String> key = Optional.ofNullable(metadata.getKey())
                    .map(byte[].class::cast)
                    .map(bytes -> new String(bytes, UTF_8))
                    .filter(text -> text.startsWith(KIND));
            Header from = metadata.getHeaders().lastHeader(FROM);
            boolean own = from != null && Arrays.equals(from.value(), self);
            if (key.isPresent() && !own) {
                heard(key.orElseThrow(), Optional.ofNullable(message.getPayload()));
            }
        });
        return message.ack();
    }

    private void heard(String key, Optional<byte[]> value) {
        int slash = key.indexOf('/', KIND.length());
        if (slash < 0) {
            return;
        }
        value.ifPresent(bytes -> LearnedAnswer.read(bytes)
                .ifPresentOrElse(
                        answer -> lengths.get().heard(key.substring(slash + 1), answer),
                        () -> LOG.debugf("a record of state is of another version: %s", key)));
    }
}
