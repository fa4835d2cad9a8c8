package dev.littoral.agent;

import dev.littoral.agent.peer.NextStage;
import dev.littoral.agent.serve.AgentServer;
import dev.littoral.agent.serve.Observations;
import dev.littoral.agent.serve.OpenSequences;
import dev.littoral.agent.serve.Serving;
import dev.littoral.agent.settings.AgentSettings;
import dev.littoral.agent.stage.CheckpointSupply;
import dev.littoral.agent.stage.Language;
import dev.littoral.agent.stage.LoadState;
import dev.littoral.agent.stage.MeasuredRates;
import dev.littoral.agent.stage.ProcessMemory;
import dev.littoral.agent.stage.StageLoader;
import dev.littoral.checkpoint.CheckpointException;
import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.engine.Engine;
import dev.littoral.engine.Stage;
import dev.littoral.protocol.events.AgentTelemetry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** Is the whole agent without its HTTP side: loads its stage, looks for the next one, serves. */
final class AgentRuntime implements AutoCloseable {

    private static final MeasuredRates UNMEASURED = new MeasuredRates(0, 0);

    /** Until the checkpoint is here, messages may be as large as any model's. */
    private static final int UNKNOWN_HIDDEN_SIZE = 1 << 20;

    private final Serving serving;
    private final AgentServer server;

    private AgentRuntime(Serving serving, AgentServer server) {
        this.serving = serving;
        this.server = server;
    }

    /** Listens at once, and begins to load the checkpoint that lies on the node. */
    static AgentRuntime start(
            AgentSettings settings, Engine engine, Function<Path, Language> languages, Observations observations)
            throws IOException {
        return start(settings, engine, languages, observations, Optional.empty());
    }

    /** Listens at once, brings the checkpoint where {@code supply} is there, and begins to load. */
    static AgentRuntime start(
            AgentSettings settings,
            Engine engine,
            Function<Path, Language> languages,
            Observations observations,
            Optional<CheckpointSupply> supply)
            throws IOException {
        var loader = new StageLoader(settings, engine, languages, supply.orElse(progress -> settings.checkpoint()));
        var next = new NextStage(settings);
        var serving = new Serving(
                settings, loader, next, new OpenSequences(), new AtomicBoolean(), observations, Clock.systemUTC());
        int hiddenSize = supply.isPresent() ? UNKNOWN_HIDDEN_SIZE : hiddenSize(settings.checkpoint());
        AgentServer server = AgentServer.start(serving, hiddenSize);
        loader.follow(state -> {
            if (state instanceof LoadState.Loaded loaded) {
                next.start(loaded.stage().last(), loaded.stage().config().layers());
            }
        });
        loader.start();
        return new AgentRuntime(serving, server);
    }

    /** Gives 0 where the config cannot be read; loading the stage will say why. */
    private static int hiddenSize(Path checkpoint) {
        try {
            return ModelConfig.read(checkpoint).hiddenSize();
        } catch (CheckpointException e) {
            return 0;
        }
    }

    Serving serving() {
        return serving;
    }

    int port() {
        return server.port();
    }

    /** Gives the stage once it is loaded. */
    Optional<Stage> stage() {
        return serving.loader().state() instanceof LoadState.Loaded loaded
                ? Optional.of(loaded.stage())
                : Optional.empty();
    }

    /** Says how it is now. */
    AgentTelemetry telemetry() {
        AgentSettings settings = serving.settings();
        MeasuredRates rates = serving.loader().state() instanceof LoadState.Loaded loaded ? loaded.rates() : UNMEASURED;
        return new AgentTelemetry(
                settings.pod(),
                settings.node(),
                settings.deployment(),
                settings.plan(),
                settings.stage().firstLayer(),
                settings.stage().slots(),
                stage().map(Stage::freeSlots).orElse(0),
                serving.sequences().running(),
                0, // a call without a free slot is refused, none waits
                serving.sequences().cachedTokens(),
                rates.prefillTokensPerSecond(),
                rates.decodeTokensPerSecond(),
                ProcessMemory.residentBytes(),
                serving.clock().instant());
    }

    /** Lets running sequences end within the time that the settings give, refusing new ones. */
    boolean drain() throws InterruptedException {
        return server.drain(serving.settings().limits().drain());
    }

    @Override
    public void close() {
        server.close();
        serving.next().close();
        serving.loader().close();
    }
}
