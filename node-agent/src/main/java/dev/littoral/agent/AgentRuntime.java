package dev.littoral.agent;

import dev.littoral.agent.peer.NextStage;
import dev.littoral.agent.serve.AgentServer;
import dev.littoral.agent.serve.Backend;
import dev.littoral.agent.serve.BackendState;
import dev.littoral.agent.serve.Observations;
import dev.littoral.agent.serve.OpenSequences;
import dev.littoral.agent.serve.Serving;
import dev.littoral.agent.serve.StageBackend;
import dev.littoral.agent.settings.AgentSettings;
import dev.littoral.agent.settings.ServiceSettings;
import dev.littoral.agent.stage.CheckpointSupply;
import dev.littoral.agent.stage.Language;
import dev.littoral.agent.stage.MeasuredRates;
import dev.littoral.agent.stage.ProcessMemory;
import dev.littoral.agent.stage.StageLoader;
import dev.littoral.checkpoint.CheckpointException;
import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.engine.Engine;
import dev.littoral.engine.StageActivity;
import dev.littoral.protocol.events.AgentTelemetry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** Is the whole agent without its HTTP side: what answers, and the server through which it is asked. */
final class AgentRuntime implements AutoCloseable {

    private static final MeasuredRates UNMEASURED = new MeasuredRates(0, 0);

    /** Until the checkpoint is here, messages may be as large as any model's. */
    private static final int UNKNOWN_HIDDEN_SIZE = 1 << 20;

    private final ServiceSettings settings;
    private final Backend backend;
    private final AgentServer server;
    private final Clock clock;

    private AgentRuntime(ServiceSettings settings, Backend backend, AgentServer server, Clock clock) {
        this.settings = settings;
        this.backend = backend;
        this.server = server;
        this.clock = clock;
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
        var serving = new Serving(settings, loader, new NextStage(settings), new OpenSequences(), new AtomicBoolean());
        int hiddenSize = supply.isPresent() ? UNKNOWN_HIDDEN_SIZE : hiddenSize(settings.checkpoint());
        return start(settings, StageBackend.of(serving), observations, hiddenSize);
    }

    /**
     * Listens at once, and begins to make {@code backend} ready.
     *
     * @param hiddenSize of the model whose activations it takes, 0 when it takes none or that is not known
     */
    static AgentRuntime start(ServiceSettings settings, Backend backend, Observations observations, int hiddenSize)
            throws IOException {
        Clock clock = Clock.systemUTC();
        AgentServer server = AgentServer.start(settings, backend, observations, clock, hiddenSize);
        backend.start();
        return new AgentRuntime(settings, backend, server, clock);
    }

    /** Gives 0 where the config cannot be read; loading the stage will say why. */
    private static int hiddenSize(Path checkpoint) {
        try {
            return ModelConfig.read(checkpoint).hiddenSize();
        } catch (CheckpointException e) {
            return 0;
        }
    }

    ServiceSettings settings() {
        return settings;
    }

    /** Says how far it is and how busy. */
    BackendState state() {
        return backend.state();
    }

    /** Says what the stage of this process has run. */
    StageActivity activity() {
        return backend.activity();
    }

    int port() {
        return server.port();
    }

    /** Says how it is now. */
    AgentTelemetry telemetry() {
        BackendState state = backend.state();
        MeasuredRates rates = state.rates().orElse(UNMEASURED);
        return new AgentTelemetry(
                settings.pod(),
                settings.node(),
                settings.deployment(),
                settings.plan(),
                state.stage().getFirstLayer(),
                settings.slots(),
                state.freeSlots(),
                state.running(),
                0, // a call without a free slot is refused, none waits
                state.cachedTokens(),
                rates.prefillTokensPerSecond(),
                rates.decodeTokensPerSecond(),
                ProcessMemory.residentBytes(),
                clock.instant());
    }

    /** Lets running sequences end within the time that the settings give, refusing new ones. */
    boolean drain() throws InterruptedException {
        return server.drain(settings.limits().drain());
    }

    @Override
    public void close() {
        server.close();
        backend.close();
    }
}
