package dev.littoral.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.agent.serve.Observations;
import dev.littoral.agent.settings.AgentSettings;
import dev.littoral.agent.stage.Language;
import dev.littoral.checkpoint.Blocks;
import dev.littoral.checkpoint.Quantization;
import dev.littoral.engine.Engine;
import dev.littoral.protocol.agent.v1.AgentGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Runs the agents of one replica in this process, over real gRPC on loopback. */
final class TestAgents implements AutoCloseable {

    static final String PLAN = "plan-1";
    static final String MODEL = "tiny";

    /**
     * Says how the agents run.
     *
     * @param checkpoint its folder
     * @param contextTokens longest sequence
     * @param slots sequences at once
     * @param bits of every layer
     */
    record Shape(Path checkpoint, int contextTokens, int slots, int bits, AgentSettings.Limits limits) {

        static final AgentSettings.Limits LIMITS = new AgentSettings.Limits(
                8, Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20), 64);

        static Shape small(Path folder) {
            return new Shape(folder, 256, 4, 32, LIMITS);
        }

        Shape withLimits(AgentSettings.Limits other) {
            return new Shape(checkpoint, contextTokens, slots, bits, other);
        }

        Shape withSlots(int other) {
            return new Shape(checkpoint, contextTokens, other, bits, limits);
        }

        Shape withContext(int other) {
            return new Shape(checkpoint, other, slots, bits, limits);
        }
    }

    private final Path folder;
    private final Shape shape;
    private final Engine engine;
    private final Function<Path, Language> languages;
    private final List<AgentRuntime> agents = new ArrayList<>();
    private final List<ManagedChannel> channels = new ArrayList<>();

    private TestAgents(Path folder, Shape shape, Engine engine, Function<Path, Language> languages) {
        this.folder = folder;
        this.shape = shape;
        this.engine = engine;
        this.languages = languages;
    }

    /** Starts a stage for each pair of neighbouring borders, such as 0, 2, 6, and waits until all are ready. */
    static TestAgents start(Path folder, Shape shape, Engine engine, Function<Path, Language> languages, int... borders)
            throws IOException {
        var agents = new TestAgents(folder, shape, engine, languages);
        for (int i = 0; i + 1 < borders.length; i++) {
            agents.add(borders[i], borders[i + 1], PLAN);
        }
        for (int i = 0; i + 1 < agents.agents.size(); i++) {
            agents.point(i, agents.agent(i + 1).port());
        }
        // a replica without its end is made ready by whoever adds it
        if (borders.length > 0 && borders[borders.length - 1] == 6) {
            agents.agents.forEach(TestAgents::awaitReady);
        }
        return agents;
    }

    /** Starts stages of the fake engine. */
    static TestAgents fake(Path folder, Shape shape, FakeEngine engine, int... borders) throws IOException {
        return start(folder, shape, engine, checkpoint -> FakeEngine.language(), borders);
    }

    static void awaitReady(AgentRuntime agent) {
        await().pollInterval(Duration.ofMillis(10))
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(agent.state().whyNotReady()).isEmpty());
    }

    /** Starts one more agent, which knows no next one yet. */
    AgentRuntime add(int firstLayer, int endLayer, String plan) throws IOException {
        int index = agents.size();
        Path peers = Files.createDirectories(peers(index));
        var stage = new AgentSettings.Stage(
                firstLayer,
                endLayer,
                Quantization.uniform(endLayer - firstLayer, shape.bits(), 32, new Blocks(32, true)),
                32,
                shape.contextTokens(),
                shape.slots(),
                1,
                folder.resolve("cache"));
        var settings = new AgentSettings(
                "agent-" + index,
                "node-" + index,
                "127.0.0.1",
                0,
                "default/test",
                plan,
                MODEL,
                shape.checkpoint(),
                peers,
                stage,
                shape.limits());
        AgentRuntime agent = AgentRuntime.start(settings, engine, languages, Observations.NONE);
        agents.add(agent);
        return agent;
    }

    /** Writes the address of the next agent as a volume of the downward API does: whole or not at all. */
    void point(int from, int port) throws IOException {
        Path next = peers(from).resolve("next");
        Path made = next.resolveSibling("made");
        Files.writeString(made, "127.0.0.1:" + port + "\n");
        Files.move(made, next, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Gives the folder in which an agent looks for the next one's address. */
    Path peers(int index) {
        return folder.resolve("peers-" + index);
    }

    AgentRuntime agent(int index) {
        return agents.get(index);
    }

    /** Waits, at most 100 ms, until no slot of any stage is held. */
    void awaitAllSlotsFreeWithin100Millis() {
        await().pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofMillis(100))
                .until(() -> agents.stream().allMatch(agent -> agent.state().freeSlots() == shape.slots()));
    }

    /** Waits until no slot of any stage is held. */
    void awaitAllSlotsFree() {
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(10))
                .until(() -> agents.stream().allMatch(agent -> agent.state().freeSlots() == shape.slots()));
    }

    ManagedChannel channel(int index) {
        ManagedChannel channel = NettyChannelBuilder.forAddress(
                        "127.0.0.1", agent(index).port())
                .usePlaintext()
                .build();
        channels.add(channel);
        return channel;
    }

    AgentGrpc.AgentBlockingStub blocking(int index) {
        return AgentGrpc.newBlockingStub(channel(index));
    }

    AgentGrpc.AgentStub stub(int index) {
        return AgentGrpc.newStub(channel(index));
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        agents.forEach(AgentRuntime::close);
    }
}
