package dev.littoral.scheduler.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.littoral.protocol.agent.v1.AgentGrpc;
import dev.littoral.protocol.agent.v1.ChatMessage;
import dev.littoral.protocol.agent.v1.ChatPrompt;
import dev.littoral.protocol.agent.v1.GenerateEvent;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.protocol.agent.v1.Sampling;
import dev.littoral.scheduler.rig.FakeAgent;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;

/**
 * Measures what Kafka and the scheduler add to a call of an agent that answers one token at once, beside one hop through
 * the bare broker. The ways take turns, so that a machine that changes its speed changes all of them.
 */
final class RequestLatency implements AutoCloseable {

    private static final String BODY = "{\"model\":\"tiny\",\"stream\":true,\"max_tokens\":1,"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final FakeAgent agent = new FakeAgent("a", 8, FakeAgent.saying("x"));
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final RealParts parts;
    private final ManagedChannel channel;
    private final KafkaProducer<String, byte[]> producer;
    private final KafkaConsumer<String, byte[]> consumer;
    private int asked;

    RequestLatency(Path folder) throws Exception {
        parts = new RealParts(folder);
        parts.deploy(agent);
        channel = NettyChannelBuilder.forTarget(agent.ref().address())
                .usePlaintext()
                .build();
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", parts.bootstrap(), "linger.ms", 0),
                new StringSerializer(),
                new ByteArraySerializer());
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", parts.bootstrap(), "enable.auto.commit", false),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(consumer.partitionsFor("littoral.responses").stream()
                .map(each -> new TopicPartition(each.topic(), each.partition()))
                .toList());
        consumer.seekToEnd(consumer.assignment());
        consumer.assignment().forEach(consumer::position);
        Awaitility.await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            http();
            return true;
        });
    }

    /** Measures and returns what was found, for people. */
    String table(int rounds, int warmUp) throws Exception {
        StringBuilder table = new StringBuilder();
        int partitions = producer.partitionsFor("littoral.requests").size();
        for (int partition = 0; partition < partitions; partition++) {
            int to = partition;
            table.append("first through Kafka partition %d: %.1f ms%n".formatted(partition, millis(() -> kafka(to))));
        }
        Map<String, Callable<Void>> ways = new LinkedHashMap<>();
        ways.put("straight to the agent", this::direct);
        ways.put("one hop of Kafka", this::hop);
        ways.put("HTTP", this::http);
        ways.put("Kafka", () -> kafka(asked % partitions));
        Map<String, List<Double>> times = new LinkedHashMap<>();
        for (int round = -warmUp; round < rounds; round++) {
            for (Map.Entry<String, Callable<Void>> way : ways.entrySet()) {
                double millis = millis(way.getValue());
                if (round >= 0) {
                    times.computeIfAbsent(way.getKey(), each -> new ArrayList<>())
                            .add(millis);
                }
            }
        }
        times.forEach((way, millis) -> {
            double[] sorted =
                    millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            table.append(String.format(
                    Locale.ROOT,
                    "%-21s n=%d  p10 %.1f  median %.1f  p90 %.1f  max %.1f ms%n",
                    way,
                    sorted.length,
                    sorted[sorted.length / 10],
                    sorted[sorted.length / 2],
                    sorted[sorted.length * 9 / 10],
                    sorted[sorted.length - 1]));
        });
        return table.toString();
    }

    private static double millis(Callable<Void> way) throws Exception {
        long start = System.nanoTime();
        way.call();
        return (System.nanoTime() - start) / 1e6;
    }

    private Void kafka(int partition) {
        String id = "ask-" + asked++;
        ProducerRecord<String, byte[]> request =
                new ProducerRecord<>("littoral.requests", partition, id, BODY.getBytes(UTF_8));
        request.headers()
                .add("ce_specversion", "1.0".getBytes(UTF_8))
                .add("ce_id", id.getBytes(UTF_8))
                .add("ce_source", "test".getBytes(UTF_8))
                .add("ce_type", "dev.littoral.request".getBytes(UTF_8));
        var ignored = producer.send(request);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            for (ConsumerRecord<String, byte[]> each : consumer.poll(Duration.ofMillis(100))) {
                if (KafkaUser.header(each, "ce_id").equals(id + "/final")) {
                    return null;
                }
            }
        }
        throw new AssertionError("no final within " + PATIENCE);
    }

    private Void hop() {
        String id = "hop-" + asked++;
        var ignored = producer.send(new ProducerRecord<>("littoral.responses", 0, id, new byte[10]));
        while (true) {
            for (ConsumerRecord<String, byte[]> each : consumer.poll(Duration.ofMillis(100))) {
                if (id.equals(each.key())) {
                    return null;
                }
            }
        }
    }

    private Void http() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + parts.httpPort() + "/v1/chat/completions"))
                .POST(HttpRequest.BodyPublishers.ofString(BODY))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new AssertionError(response.body());
        }
        return null;
    }

    private Void direct() {
        Iterator<GenerateEvent> events = AgentGrpc.newBlockingStub(channel)
                .generate(GenerateRequest.newBuilder()
                        .setId("direct-" + asked++)
                        .setModel("tiny")
                        .setChat(ChatPrompt.newBuilder()
                                .addMessages(
                                        ChatMessage.newBuilder().setRole("user").setContent("hi")))
                        .setSampling(Sampling.newBuilder().setMaxTokens(1))
                        .build());
        events.forEachRemaining(event -> {});
        return null;
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        consumer.close();
        channel.shutdownNow();
        http.close();
        parts.close();
        agent.close();
    }
}
