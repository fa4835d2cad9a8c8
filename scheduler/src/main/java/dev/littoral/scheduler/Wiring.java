package dev.littoral.scheduler;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.littoral.algorithms.routing.MeanAnswerLength;
import dev.littoral.scheduler.agents.AgentClient;
import dev.littoral.scheduler.agents.GrpcAgentClient;
import dev.littoral.scheduler.directory.DeploymentDirectory;
import dev.littoral.scheduler.directory.KubernetesDirectory;
import dev.littoral.scheduler.directory.KubernetesPools;
import dev.littoral.scheduler.directory.PoolDirectory;
import dev.littoral.scheduler.fleet.Fleet;
import dev.littoral.scheduler.fleet.FleetMonitor;
import dev.littoral.scheduler.fleet.RouteLog;
import dev.littoral.scheduler.fleet.RuleFactory;
import dev.littoral.scheduler.fleet.SlotQueue;
import dev.littoral.scheduler.length.PredictedLengths;
import dev.littoral.scheduler.length.PromptLengths;
import dev.littoral.scheduler.length.ToldLengths;
import dev.littoral.scheduler.metrics.DropMeter;
import dev.littoral.scheduler.metrics.EndMeter;
import dev.littoral.scheduler.metrics.MeteredAgents;
import dev.littoral.scheduler.metrics.MeteredAnswering;
import dev.littoral.scheduler.metrics.MeteredSlots;
import dev.littoral.scheduler.metrics.RoutingMeters;
import dev.littoral.scheduler.openai.OpenAiParser;
import dev.littoral.scheduler.peers.NotedSlots;
import dev.littoral.scheduler.peers.WaitingBoard;
import dev.littoral.scheduler.promises.PromiseBook;
import dev.littoral.scheduler.promises.PromiseLoop;
import dev.littoral.scheduler.promises.PromiseSettings;
import dev.littoral.scheduler.request.AnswerLengths;
import dev.littoral.scheduler.request.Answering;
import dev.littoral.scheduler.request.Attempts;
import dev.littoral.scheduler.request.RequestPath;
import dev.littoral.scheduler.request.SteadyClock;
import dev.littoral.scheduler.request.TokenEstimates;
import dev.littoral.scheduler.traffic.StatusSink;
import dev.littoral.scheduler.traffic.TrafficBoard;
import dev.littoral.scheduler.traffic.TrafficMeter;
import dev.littoral.scheduler.traffic.TrafficSink;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.DefaultBean;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Chooses the implementations of every port. */
final class Wiring {

    /** Weight of the prior in answers, and what is kept of the past at each answer. */
    private static final double PRIOR_ANSWERS = 2;

    private static final double MEMORY = 0.98;

    /** Routes that are kept to be asked about. */
    private static final int EXPLAINED_ROUTES = 64;

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    /** Measures waits; the wall clock may be set while they last. */
    @Produces
    @Singleton
    @Typed(SteadyClock.class)
    SteadyClock steady(Clock wall) {
        return new SteadyClock(wall, System::nanoTime);
    }

    @Produces
    @Singleton
    @DefaultBean
    DeploymentDirectory directory(KubernetesClient client) {
        return new KubernetesDirectory(client);
    }

    @Produces
    @Singleton
    AgentClient agents(TrafficMeter meter) {
        return new MeteredAgents(new GrpcAgentClient(), meter);
    }

    void close(@Disposes AgentClient client) {
        client.close();
    }

    @Produces
    @Singleton
    @DefaultBean
    PoolDirectory pools(KubernetesClient client) {
        return new KubernetesPools(client);
    }

    @Produces
    @Singleton
    TrafficSink status(KubernetesClient client) {
        return new StatusSink(client);
    }

    @Produces
    @Singleton
    PromiseBook promises(DeploymentDirectory directory, PoolDirectory pools, PromiseSettings settings) {
        return new PromiseBook(directory, pools, settings);
    }

    @Produces
    @Singleton
    Fleet fleet(SchedulerSettings settings, PromiseBook promises) {
        return new Fleet(System::nanoTime, settings.reportMaxAge(), settings.sharing(), promises::tariff);
    }

    /** Reads the agents' meters into the book of promises, and shows how they stand. */
    @Produces
    @Singleton
    @Startup
    PromiseLoop promiseLoop(
            DeploymentDirectory directory,
            Fleet fleet,
            SlotQueue queue,
            PromiseBook promises,
            PromiseSettings settings,
            MeterRegistry meters) {
        RoutingMeters shown = new RoutingMeters(meters);
        PromiseLoop loop = new PromiseLoop(
                List.of(
                        () -> promises.read(System.nanoTime() / 1e9, fleet.meters()),
                        () -> shown.standings(promises.standings(), queue.fairness()),
                        () -> shown.backlogs(directory.all().stream()
                                .collect(Collectors.toMap(Function.identity(), queue::agents)))),
                settings.interval());
        loop.start();
        return loop;
    }

    void close(@Disposes PromiseLoop loop) {
        loop.close();
    }

    @Produces
    @Singleton
    RouteLog routes(SchedulerSettings settings) {
        return new RouteLog(EXPLAINED_ROUTES, settings.explainedPerSecond(), System::nanoTime);
    }

    @Produces
    @Singleton
    DropMeter drops(MeterRegistry meters) {
        return new DropMeter(meters);
    }

    @Produces
    @Singleton
    EndMeter ends(MeterRegistry meters) {
        return new EndMeter(meters);
    }

    @Produces
    @Singleton
    @Startup
    FleetMonitor monitor(
            DeploymentDirectory directory,
            AgentClient client,
            Fleet fleet,
            SchedulerSettings settings,
            SchedulerName self,
            SlotQueue queue,
            TrafficBoard board,
            WaitingBoard elsewhere) {
        FleetMonitor monitor = new FleetMonitor(
                directory,
                client,
                fleet,
                settings.describeInterval(),
                () -> elsewhere.any() || (board.others(self.name()) && queue.waiting() > 0));
        monitor.start();
        return monitor;
    }

    void close(@Disposes FleetMonitor monitor) {
        monitor.close();
    }

    @Produces
    @Singleton
    SlotPolicy slots(SchedulerSettings settings) {
        return SlotPolicy.of(settings);
    }

    @Produces
    @Singleton
    RuleFactory rules(SchedulerSettings settings, SlotPolicy slots, PromiseBook promises) {
        SplittableRandom random = new SplittableRandom();
        return (deployment, watch) ->
                settings.rule().create(random, () -> promises.prices(deployment), watch, slots.iodcc());
    }

    @Produces
    @Singleton
    SlotQueue queue(
            DeploymentDirectory directory,
            Fleet fleet,
            RuleFactory rules,
            RouteLog log,
            SteadyClock clock,
            SchedulerSettings settings,
            SlotPolicy slots,
            WaitingBoard elsewhere,
            MeterRegistry meters) {
        SlotQueue queue =
                new SlotQueue(directory, fleet, rules, log, clock, settings.maxWaiting(), elsewhere, slots.length());
        meters.gauge("littoral.scheduler.queue.size", queue, SlotQueue::waiting);
        return queue;
    }

    private static AnswerLengths known(RuleName rule, PredictedLengths predicted) {
        return switch (rule.lengths()) {
            case PREDICTED -> predicted;
            case FROM_PROMPT -> new PromptLengths(predicted);
            case TOLD -> new ToldLengths(predicted);
        };
    }

    @Produces
    @Singleton
    Answering answering(
            DeploymentDirectory directory,
            Fleet fleet,
            SlotQueue queue,
            WaitingBoard elsewhere,
            AgentClient client,
            Clock wall,
            SteadyClock steady,
            SchedulerSettings settings,
            PredictedLengths lengths,
            PromiseBook promises,
            MeterRegistry meters) {
        TokenEstimates estimates = new TokenEstimates(
                MeanAnswerLength.prior(settings.priorAnswerTokens(), PRIOR_ANSWERS, MEMORY),
                known(settings.rule(), lengths));
        Attempts attempts = new Attempts(
                new MeteredSlots(new NotedSlots(queue, elsewhere), meters),
                client,
                fleet,
                estimates,
                steady,
                id -> UUID.nameUUIDFromBytes(id.getBytes(UTF_8)).getLeastSignificantBits(),
                (deployment, missed, tokens) -> promises.ended(deployment.key(), missed, tokens));
        RequestPath path = new RequestPath(new OpenAiParser(), directory, fleet, attempts, wall, steady);
        return new MeteredAnswering(path, meters);
    }
}
