package dev.littoral.scheduler;

import dev.littoral.algorithms.length.WarmFactor;
import dev.littoral.scheduler.directory.DeploymentDirectory;
import dev.littoral.scheduler.directory.DeploymentEvents;
import dev.littoral.scheduler.length.EncoderException;
import dev.littoral.scheduler.length.GoneDeployments;
import dev.littoral.scheduler.length.KeptAnswers;
import dev.littoral.scheduler.length.LengthSettings;
import dev.littoral.scheduler.length.MiniLmEncoder;
import dev.littoral.scheduler.length.PredictedLengths;
import dev.littoral.scheduler.length.PromptEncoder;
import dev.littoral.scheduler.length.SharedAnswers;
import dev.littoral.scheduler.length.WarmFactorFile;
import dev.littoral.scheduler.traffic.TrafficBoard;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Chooses the implementations of what predicts lengths. */
final class LengthWiring {

    private static final Logger LOG = Logger.getLogger(LengthWiring.class);

    /** Loads the encoder; without it the service goes on, and says so. */
    @Produces
    @Singleton
    @Startup
    PredictedLengths lengths(
            LengthSettings settings, SharedAnswers shared, MeterRegistry meters, KubernetesClient client, Clock clock)
            throws IOException {
        WarmFactor warm = WarmFactor.of(WarmFactorFile.shipped());
        Optional<PromptEncoder> encoder = Optional.empty();
        if (settings.encoder()) {
            try {
                encoder = Optional.of(MiniLmEncoder.load());
            } catch (EncoderException e) {
                LOG.warnf("lengths are predicted without reading prompts: %s", e.getMessage());
            }
        }
        DeploymentEvents events = new DeploymentEvents(client, clock);
        return new PredictedLengths(
                warm,
                encoder,
                settings,
                shared,
                meters,
                (deployment, message) ->
                        events.warn(deployment, DeploymentEvents.Reason.AnswerLengthsDrifted, message));
    }

    void close(@Disposes PredictedLengths lengths) {
        lengths.close();
    }

    @Produces
    @Singleton
    @Startup
    GoneDeployments gone(
            DeploymentDirectory directory,
            PredictedLengths lengths,
            KeptAnswers kept,
            TrafficBoard board,
            SchedulerName self,
            LengthSettings settings) {
        GoneDeployments gone = new GoneDeployments(
                directory, lengths, kept, () -> board.writes(self.name()), settings.forgetAfter(), System::nanoTime);
        gone.start();
        return gone;
    }

    void close(@Disposes GoneDeployments gone) {
        gone.close();
    }
}
