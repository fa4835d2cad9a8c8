package dev.littoral.agent;

import dev.littoral.agent.fetch.FetchedCheckpoint;
import dev.littoral.agent.openai.OpenAiBackend;
import dev.littoral.agent.settings.AgentConfig;
import dev.littoral.agent.settings.AgentSettings;
import dev.littoral.agent.settings.ForwardSettings;
import dev.littoral.agent.settings.SettingsReader;
import dev.littoral.agent.stage.Language;
import dev.littoral.agent.telemetry.KafkaTelemetry;
import dev.littoral.agent.telemetry.TelemetryLoop;
import dev.littoral.engine.Engine;
import dev.littoral.engine.onnx.OnnxEngine;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Chooses what stands behind each port. */
@Singleton
final class Wiring {

    @Produces
    @Singleton
    Engine engine(AgentConfig config) {
        return new OnnxEngine(SettingsReader.decodeWait(config), SettingsReader.provider(config));
    }

    @Produces
    @Singleton
    AgentRuntime runtime(AgentConfig config, Instance<Engine> engine, MeterRegistry registry) throws IOException {
        var metrics = new MicrometerObservations(registry);
        AgentRuntime runtime = switch (SettingsReader.read(config)) {
            case AgentSettings stage ->
                AgentRuntime.start(
                        stage,
                        engine.get(),
                        Language::open,
                        metrics,
                        FetchedCheckpoint.of(config.source(), System.getenv()));
            case ForwardSettings forward ->
                AgentRuntime.start(forward, OpenAiBackend.of(forward, new SecureRandom()), metrics, 0);
        };
        metrics.watch(runtime);
        return runtime;
    }

    /** Gives none where no Kafka is configured. */
    @Produces
    @Singleton
    Optional<TelemetryLoop> telemetry(
            AgentRuntime runtime, @ConfigProperty(name = "kafka.bootstrap.servers") Optional<String> servers) {
        return servers.filter(list -> !list.isBlank())
                .map(list -> new TelemetryLoop(KafkaTelemetry.to(list), runtime::telemetry));
    }
}
