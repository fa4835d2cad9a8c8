package dev.littoral.agent;

import dev.littoral.agent.fetch.FetchedCheckpoint;
import dev.littoral.agent.settings.AgentConfig;
import dev.littoral.agent.settings.AgentSettings;
import dev.littoral.agent.settings.SettingsReader;
import dev.littoral.agent.stage.Language;
import dev.littoral.agent.telemetry.KafkaTelemetry;
import dev.littoral.agent.telemetry.TelemetryLoop;
import dev.littoral.engine.Engine;
import dev.littoral.engine.onnx.OnnxEngine;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Chooses what stands behind each port. */
@Singleton
final class Wiring {

    @Produces
    @Singleton
    Engine engine() {
        return new OnnxEngine();
    }

    @Produces
    @Singleton
    AgentSettings settings(AgentConfig config) {
        return SettingsReader.read(config);
    }

    @Produces
    @Singleton
    AgentRuntime runtime(AgentSettings settings, AgentConfig config, Engine engine, MeterRegistry registry)
            throws IOException {
        var metrics = new MicrometerObservations(registry);
        AgentRuntime runtime = AgentRuntime.start(
                settings, engine, Language::open, metrics, FetchedCheckpoint.of(config.source(), System.getenv()));
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
