package dev.littoral.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.littoral.agent.openai.OpenAiBackend;
import dev.littoral.agent.serve.Observations;
import dev.littoral.agent.settings.ApiKey;
import dev.littoral.agent.settings.ForwardSettings;
import dev.littoral.protocol.agent.v1.AgentDescription;
import dev.littoral.protocol.agent.v1.AgentGrpc;
import dev.littoral.protocol.agent.v1.DescribeRequest;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/** Runs an agent in this process that forwards to a server, over real gRPC on loopback. */
final class OpenAiAgent implements AutoCloseable {

    static final int SLOTS = 2;
    static final int CONTEXT = 256;

    private final AgentRuntime runtime;
    private final ManagedChannel channel;

    private OpenAiAgent(AgentRuntime runtime) {
        this.runtime = runtime;
        this.channel = NettyChannelBuilder.forAddress("127.0.0.1", runtime.port())
                .usePlaintext()
                .build();
    }

    /** Starts one with patience for a slow machine and waits until it is ready. */
    static OpenAiAgent ready(FakeServer server) throws IOException {
        return ready(server, Duration.ofSeconds(60));
    }

    /** Starts one that waits this long for every event, and waits until it is ready. */
    static OpenAiAgent ready(FakeServer server, Duration patience) throws IOException {
        OpenAiAgent agent = start(server.port(), FakeServer.MODEL, SLOTS, patience);
        agent.awaitReady();
        return agent;
    }

    static OpenAiAgent start(int port, String model, int slots, Duration patience) throws IOException {
        var settings = new ForwardSettings(
                "agent-0",
                "node-0",
                "127.0.0.1",
                0,
                "default/test",
                TestAgents.PLAN,
                TestAgents.MODEL,
                CONTEXT,
                slots,
                new ForwardSettings.Server(
                        URI.create("http://127.0.0.1:" + port),
                        Optional.of(new ApiKey("secret")),
                        model,
                        patience,
                        patience,
                        Duration.ofMillis(20)),
                TestAgents.Shape.LIMITS);
        return new OpenAiAgent(AgentRuntime.start(
                settings, OpenAiBackend.of(settings, new SplittableRandom(42)), Observations.NONE, 0));
    }

    AgentRuntime runtime() {
        return runtime;
    }

    /** Gives the refusal with which it answers. */
    StatusRuntimeException refused(GenerateRequest request) {
        var refused = catchThrowableOfType(StatusRuntimeException.class, () -> Answer.to(blocking(), request));
        assertThat(refused).isNotNull();
        return refused;
    }

    void awaitReady() {
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(runtime.state().whyNotReady()).isEmpty());
    }

    void awaitUnready(String why) {
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(runtime.state().whyNotReady()).contains(why));
    }

    AgentDescription describe() {
        return blocking().describe(DescribeRequest.getDefaultInstance());
    }

    AgentGrpc.AgentBlockingStub blocking() {
        return AgentGrpc.newBlockingStub(channel);
    }

    AgentGrpc.AgentStub stub() {
        return AgentGrpc.newStub(channel);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        runtime.close();
    }
}
