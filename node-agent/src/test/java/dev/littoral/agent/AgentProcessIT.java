package dev.littoral.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.protocol.agent.v1.AgentGrpc;
import dev.littoral.protocol.agent.v1.DescribeRequest;
import dev.littoral.protocol.agent.v1.StageDescription;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts the packaged agent as a pod does: by its environment alone. */
class AgentProcessIT {

    private static final Duration START = Duration.ofMinutes(2);
    private static final long MIB = 1 << 20;

    @TempDir
    Path folder;

    // a loopback address of its own for each run, so that runs side by side do not meet
    private final String prefix = "127." + ThreadLocalRandom.current().nextInt(100, 250) + "."
            + ThreadLocalRandom.current().nextInt(1, 250) + ".";

    private AgentProcess agent(int index, int firstLayer, int endLayer) throws IOException {
        Path peers = Files.createDirectories(folder.resolve("peers-" + index));
        String address = prefix + (index + 1);
        return AgentProcess.start(
                folder.resolve("agent-" + index + ".log"),
                address,
                Map.ofEntries(
                        Map.entry("LITTORAL_POD", "pod-" + index),
                        Map.entry("LITTORAL_NODE", "node-" + index),
                        Map.entry("LITTORAL_BIND", address),
                        Map.entry("LITTORAL_DEPLOYMENT", "default/test"),
                        Map.entry("LITTORAL_PLAN", TestAgents.PLAN),
                        Map.entry("LITTORAL_MODEL", TestAgents.MODEL),
                        Map.entry("LITTORAL_CHECKPOINT", "../models/target"),
                        Map.entry("LITTORAL_STAGE_FIRST_LAYER", String.valueOf(firstLayer)),
                        Map.entry("LITTORAL_STAGE_END_LAYER", String.valueOf(endLayer)),
                        Map.entry("LITTORAL_STAGE_BITS", "8,8,8"),
                        Map.entry("LITTORAL_STAGE_EDGE_BITS", "8"),
                        Map.entry("LITTORAL_STAGE_CONTEXT_TOKENS", "256"),
                        Map.entry("LITTORAL_STAGE_SLOTS", "2"),
                        Map.entry(
                                "LITTORAL_STAGE_CACHE", folder.resolve("cache").toString()),
                        Map.entry("LITTORAL_PEERS", peers.toString()),
                        // nobody listens there: telemetry must not matter
                        Map.entry("KAFKA_BOOTSTRAP_SERVERS", address + ":1")));
    }

    @Test
    void twoProcessesAnswerStayLiveStaySmallAndStopWhenTold() throws Exception {
        try (var first = agent(0, 0, 3);
                var second = agent(1, 3, 6)) {
            await().atMost(START).ignoreExceptions().until(() -> second.health("ready") == 200);
            await().atMost(START).ignoreExceptions().until(() -> first.health("live") == 200);
            assertThat(first.health("ready")).isEqualTo(503);

            Files.writeString(folder.resolve("peers-0").resolve("next"), prefix + "2:9090");
            await().atMost(START).until(() -> first.health("ready") == 200);

            ManagedChannel channel = NettyChannelBuilder.forAddress(prefix + "1", 9090)
                    .usePlaintext()
                    .build();
            try {
                var stub = AgentGrpc.newBlockingStub(channel);
                Answer answer = Answer.to(
                        stub,
                        Answer.chat("Put these letters in order: v r n", 16).build());
                StageDescription stage =
                        stub.describe(DescribeRequest.getDefaultInstance()).getStage();
                long weights = stage.getWeightBytes();

                assertThat(answer.text()).isNotBlank();
                assertThat(weights).isPositive();
                assertThat(stage.getDevice()).isIn("cpu", "cuda");
                assertThat(stage.getDeviceReason()).isNotBlank();
                // 400 MB for the process and one and a half times its weights
                assertThat(first.residentBytes()).isLessThan(400 * MIB + weights * 3 / 2);
                assertThat(second.residentBytes()).isLessThan(400 * MIB + weights * 3 / 2);
            } finally {
                channel.shutdownNow();
            }
            assertThat(first.metrics())
                    .contains("littoral_agent_answers_total{outcome=")
                    .contains("littoral_agent_ready 1.0");

            assertThat(second.stop()).isEqualTo(143);
            await().atMost(START).until(() -> first.health("ready") == 503);
            assertThat(first.health("live")).isEqualTo(200);
            assertThat(first.stop()).isEqualTo(143);
            assertThat(first.log()).contains("no telemetry reaches Kafka").doesNotContain("NetworkClient");
        }
    }

    @Test
    @SuppressWarnings("try") // the server goes away in the middle of it
    void aProcessForwardsToAServerWithNothingElseToRead() throws Exception {
        String address = prefix + "7";
        try (var server = FakeServer.start();
                var agent = AgentProcess.start(
                        folder.resolve("forwarding.log"),
                        address,
                        Map.ofEntries(
                                Map.entry("LITTORAL_ENGINE", "openai"),
                                Map.entry("LITTORAL_POD", "pod"),
                                Map.entry("LITTORAL_NODE", "node"),
                                Map.entry("LITTORAL_BIND", address),
                                Map.entry("LITTORAL_DEPLOYMENT", "default/test"),
                                Map.entry("LITTORAL_PLAN", TestAgents.PLAN),
                                Map.entry("LITTORAL_MODEL", TestAgents.MODEL),
                                Map.entry("LITTORAL_OPENAI_URL", "http://127.0.0.1:" + server.port() + "/v1"),
                                Map.entry("LITTORAL_OPENAI_MODEL", FakeServer.MODEL),
                                Map.entry("LITTORAL_OPENAI_CONTEXT_TOKENS", "256"),
                                Map.entry("LITTORAL_OPENAI_SLOTS", "2")))) {
            await().atMost(START).ignoreExceptions().until(() -> agent.health("ready") == 200);
            ManagedChannel channel =
                    NettyChannelBuilder.forAddress(address, 9090).usePlaintext().build();
            try {
                Answer answer = Answer.to(
                        AgentGrpc.newBlockingStub(channel),
                        Answer.chat("Hello", 2).build());

                assertThat(answer.text()).isEqualTo("t0 t1 ");
            } finally {
                channel.shutdownNow();
            }
            assertThat(agent.metrics())
                    .contains("littoral_agent_prompt_tokens_total 7.0")
                    .contains("littoral_agent_completion_tokens_total 2.0")
                    .contains("littoral_agent_slots_free 2.0");

            server.close();
            await().atMost(START).until(() -> agent.health("ready") == 503);
            assertThat(agent.stop()).isEqualTo(143);
        }
    }

    @Test
    void anAgentWithWrongSettingsEndsAndNamesThem() throws Exception {
        try (var agent =
                AgentProcess.start(folder.resolve("wrong.log"), prefix + "9", Map.of("LITTORAL_BIND", prefix + "9"))) {
            assertThat(agent.exit()).isEqualTo(1);

            assertThat(agent.log())
                    .contains("the agent cannot start with these settings")
                    .contains("LITTORAL_STAGE_BITS is not set: give a width for each layer, such as 8,8,4,4")
                    .doesNotContain("\tat ");
            assertThat(agent.running()).isFalse();
        }
    }
}
