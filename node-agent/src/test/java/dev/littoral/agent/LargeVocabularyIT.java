package dev.littoral.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.littoral.checkpoint.Blocks;
import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.checkpoint.Quantization;
import dev.littoral.checkpoint.StageFootprint;
import dev.littoral.protocol.agent.v1.AgentGrpc;
import dev.littoral.protocol.agent.v1.AnswerFormat;
import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.protocol.agent.v1.Sampling;
import dev.littoral.testing.LargeTokenizer;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Starts the packaged agent with the options of a pod on checkpoints whose vocabulary is as large as people's. */
class LargeVocabularyIT {

    private static final Duration START = Duration.ofMinutes(4);
    private static final int SLOTS = 16;
    private static final int CONTEXT = 128;
    private static final long AGENT_BYTES = 256L << 20;
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void anAgentOfASmallHeapAnswersInTextAndInJsonAndTakesWhatItsPodHas(LargeTokenizer tokenizer) throws Exception {
        Path checkpoint = LargeCheckpoint.write(Path.of("target", "large-vocabulary", tokenizer.name()), tokenizer);
        String address = "127." + ThreadLocalRandom.current().nextInt(100, 250) + "."
                + ThreadLocalRandom.current().nextInt(1, 250) + ".1";
        try (var agent = agent(checkpoint, address)) {
            await().atMost(START).ignoreExceptions().until(() -> agent.health("ready") == 200 || !agent.running());
            assertThat(agent.running()).as(agent.log()).isTrue();
            ManagedChannel channel =
                    NettyChannelBuilder.forAddress(address, 9090).usePlaintext().build();
            try {
                var stub = AgentGrpc.newBlockingStub(channel);

                List<Answer> answers = Answer.together(
                        stub,
                        IntStream.range(0, SLOTS).mapToObj(seed -> text(seed)).toList());
                assertThat(answers).allSatisfy(answer -> {
                    assertThat(answer.text()).isNotEmpty();
                    assertThat(answer.tokens()).hasSize(answer.finished().getCompletionTokens());
                });

                Answer json = Answer.to(stub, json(tokenizer));
                assertThat(json.finished().getReason()).isEqualTo(FinishReason.STOP);
                assertThat(STRICT.readTree(json.text()).isObject())
                        .as(json.text())
                        .isTrue();
            } finally {
                channel.shutdownNow();
            }
            assertThat(agent.status("RssAnon")).isLessThan(podBytes(checkpoint));
            assertThat(agent.log()).doesNotContain("OutOfMemory");
            agent.stop();
        }
    }

    private AgentProcess agent(Path checkpoint, String address) throws IOException {
        Path peers = Files.createDirectories(folder.resolve("peers"));
        return AgentProcess.start(
                folder.resolve("agent.log"),
                address,
                Map.ofEntries(
                        Map.entry("LITTORAL_POD", "pod"),
                        Map.entry("LITTORAL_NODE", "node"),
                        Map.entry("LITTORAL_BIND", address),
                        Map.entry("LITTORAL_DEPLOYMENT", "default/test"),
                        Map.entry("LITTORAL_PLAN", TestAgents.PLAN),
                        Map.entry("LITTORAL_MODEL", TestAgents.MODEL),
                        Map.entry("LITTORAL_CHECKPOINT", checkpoint.toString()),
                        Map.entry("LITTORAL_STAGE_FIRST_LAYER", "0"),
                        Map.entry("LITTORAL_STAGE_END_LAYER", "" + LargeCheckpoint.LAYERS),
                        Map.entry("LITTORAL_STAGE_BITS", "8,8"),
                        Map.entry("LITTORAL_STAGE_EDGE_BITS", "8"),
                        Map.entry("LITTORAL_STAGE_CONTEXT_TOKENS", "" + CONTEXT),
                        Map.entry("LITTORAL_STAGE_SLOTS", "" + SLOTS),
                        Map.entry(
                                "LITTORAL_STAGE_CACHE", folder.resolve("cache").toString()),
                        Map.entry("LITTORAL_PEERS", peers.toString()),
                        // nobody listens there: telemetry must not matter
                        Map.entry("KAFKA_BOOTSTRAP_SERVERS", address + ":1")));
    }

    private static GenerateRequest text(int seed) {
        return Answer.text("Once upon a time, in " + seed, 8)
                .setSampling(Sampling.newBuilder()
                        .setMaxTokens(8)
                        .setTemperature(1)
                        .setTopP(0.99)
                        .setFrequencyPenalty(0.5)
                        .setLogprobs(true)
                        .setTopLogprobs(3)
                        .setSeed(seed))
                .build();
    }

    /** The tokens that open and close an object come as soon as they may. */
    private static GenerateRequest json(LargeTokenizer tokenizer) {
        return Answer.text("Give me JSON", 40)
                .setSampling(Sampling.newBuilder()
                        .setMaxTokens(40)
                        .setTemperature(1)
                        .setTopP(1)
                        .putLogitBias(tokenizer.numberOf('{'), 100)
                        .putLogitBias(tokenizer.numberOf('}'), 100)
                        .setSeed(42)
                        .setFormat(AnswerFormat.JSON_OBJECT))
                .build();
    }

    /** Gives what the operator would ask for: what is promised with a fifth more, and the agent's process. */
    private static long podBytes(Path folder) {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            StageFootprint promised = StageFootprint.of(
                    checkpoint.shape(),
                    0,
                    Quantization.uniform(LargeCheckpoint.LAYERS, 8, 8, new Blocks(32, true)),
                    32,
                    CONTEXT,
                    SLOTS);
            long model = promised.weightBytes()
                    + promised.kvBytes()
                    + promised.activationBytes()
                    + promised.tokenizerBytes();
            return model * 6 / 5 + AGENT_BYTES;
        }
    }
}
