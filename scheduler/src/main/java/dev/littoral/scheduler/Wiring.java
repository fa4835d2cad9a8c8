package dev.littoral.scheduler;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.littoral.algorithms.routing.MeanAnswerLength;
import dev.littoral.algorithms.routing.RoutingRule;
import dev.littoral.algorithms.routing.ShortestExpectedDelay;
import dev.littoral.scheduler.agents.AgentClient;
import dev.littoral.scheduler.agents.GrpcAgentClient;
import dev.littoral.scheduler.directory.DeploymentDirectory;
import dev.littoral.scheduler.directory.KubernetesDirectory;
import dev.littoral.scheduler.fleet.Fleet;
import dev.littoral.scheduler.fleet.FleetMonitor;
import dev.littoral.scheduler.fleet.SlotQueue;
import dev.littoral.scheduler.fleet.Slots;
import dev.littoral.scheduler.metrics.MeteredAnswering;
import dev.littoral.scheduler.metrics.MeteredSlots;
import dev.littoral.scheduler.openai.OpenAiParser;
import dev.littoral.scheduler.request.Answering;
import dev.littoral.scheduler.request.Attempts;
import dev.littoral.scheduler.request.RequestPath;
import dev.littoral.scheduler.request.TokenEstimates;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.DefaultBean;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.UUID;

/** Chooses the implementations of every port. */
final class Wiring {

    /** Weight of the prior in answers, and what is kept of the past at each answer. */
    private static final double PRIOR_ANSWERS = 2;

    private static final double MEMORY = 0.98;

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    @DefaultBean
    DeploymentDirectory directory(KubernetesClient client) {
        return new KubernetesDirectory(client);
    }

    @Produces
    @Singleton
    AgentClient agents() {
        return new GrpcAgentClient();
    }

    void close(@Disposes AgentClient client) throws Exception {
        if (client instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }

    @Produces
    @Singleton
    Fleet fleet(SchedulerSettings settings) {
        return new Fleet(System::nanoTime, settings.reportMaxAge());
    }

    @Produces
    @Singleton
    @Startup
    FleetMonitor monitor(DeploymentDirectory directory, AgentClient client, Fleet fleet, SchedulerSettings settings) {
        FleetMonitor monitor = new FleetMonitor(directory, client, fleet, settings.describeInterval());
        monitor.start();
        return monitor;
    }

    void close(@Disposes FleetMonitor monitor) {
        monitor.close();
    }

    @Produces
    @Singleton
    RoutingRule rule(SchedulerSettings settings) {
        return new ShortestExpectedDelay(settings.sharing());
    }

    @Produces
    @Singleton
    Slots slots(
            DeploymentDirectory directory,
            Fleet fleet,
            RoutingRule rule,
            Clock clock,
            SchedulerSettings settings,
            MeterRegistry meters) {
        SlotQueue queue = new SlotQueue(directory, fleet, rule, clock, settings.maxWaiting());
        meters.gauge("littoral.scheduler.queue.size", queue, SlotQueue::waiting);
        return new MeteredSlots(queue, meters);
    }

    @Produces
    @Singleton
    Answering answering(
            DeploymentDirectory directory,
            Fleet fleet,
            Slots slots,
            AgentClient client,
            Clock clock,
            SchedulerSettings settings,
            MeterRegistry meters) {
        TokenEstimates estimates =
                new TokenEstimates(MeanAnswerLength.prior(settings.priorAnswerTokens(), PRIOR_ANSWERS, MEMORY));
        Attempts attempts = new Attempts(
                slots,
                client,
                fleet,
                estimates,
                clock,
                id -> UUID.nameUUIDFromBytes(id.getBytes(UTF_8)).getLeastSignificantBits());
        RequestPath path = new RequestPath(new OpenAiParser(), directory, fleet, attempts, clock);
        return new MeteredAnswering(path, meters);
    }
}
