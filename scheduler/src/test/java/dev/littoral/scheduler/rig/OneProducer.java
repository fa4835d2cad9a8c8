package dev.littoral.scheduler.rig;

import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.KafkaProducer;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;

/** Gives the one producer that a test has, or fails as the test wants. */
public final class OneProducer implements KafkaClientService {

    private final Supplier<Producer<byte[], byte[]>> producer;

    public OneProducer(Supplier<Producer<byte[], byte[]>> producer) {
        this.producer = producer;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <K, V> KafkaProducer<K, V> getProducer(String channel) {
        Producer<byte[], byte[]> now = producer.get();
        return (KafkaProducer<K, V>) Proxy.newProxyInstance(
                KafkaProducer.class.getClassLoader(),
                new Class<?>[] {KafkaProducer.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("unwrap")) {
                        return now;
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    @Override
    public <K, V> List<KafkaConsumer<K, V>> getConsumers(String channel) {
        return List.of();
    }

    @Override
    public Set<String> getConsumerChannels() {
        return Set.of();
    }

    @Override
    public Set<String> getProducerChannels() {
        return Set.of("responses");
    }
}
