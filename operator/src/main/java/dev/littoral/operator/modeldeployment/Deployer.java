package dev.littoral.operator.modeldeployment;

import dev.littoral.algorithms.placement.PlacementPlanner;
import dev.littoral.crds.ModelDeployment;
import dev.littoral.operator.cluster.ClusterView;
import dev.littoral.operator.cluster.PoolMembers;
import dev.littoral.operator.modeldeployment.Decision.Change;
import dev.littoral.operator.modeldeployment.Rollout.Creation;
import dev.littoral.operator.modeldeployment.Rollout.Deletion;
import dev.littoral.operator.modeldeployment.Rollout.Link;
import dev.littoral.operator.settings.OperatorSettings;
import dev.littoral.operator.status.Events;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Takes a deployment one step further: a decision on a snapshot, and what follows for its pods. */
public final class Deployer {

    private final Surroundings surroundings;
    private final Reservations reservations;
    private final Planning planning;
    private final Pods pods;
    private final Events events;
    private final Clock clock;
    private final OperatorSettings settings;

    private Deployer(
            Surroundings surroundings,
            Reservations reservations,
            Planning planning,
            Pods pods,
            Events events,
            Clock clock,
            OperatorSettings settings) {
        this.surroundings = surroundings;
        this.reservations = reservations;
        this.planning = planning;
        this.pods = pods;
        this.events = events;
        this.clock = clock;
        this.settings = settings;
    }

    /** Makes one that plans with the settings' headroom and runtime bytes. */
    public static Deployer of(
            ClusterView cluster,
            PoolMembers poolMembers,
            Pods pods,
            Events events,
            Clock clock,
            OperatorSettings settings) {
        Reservations reservations = new Reservations();
        PlacementProblems problems = new PlacementProblems(
                settings.agent().runtimeBytes().bytes(), settings.placement().headroom());
        return new Deployer(
                new Surroundings(cluster, poolMembers, reservations),
                reservations,
                new Planning(new PlacementPlanner(), problems),
                pods,
                events,
                clock,
                settings);
    }

    /** Says when to look again at a deployment that is not settled. */
    Duration retryAfter() {
        return settings.placement().retryAfter();
    }

    /**
     * Takes one step.
     *
     * @param deployments all that exist
     */
    Progress advance(ModelDeployment deployment, Resolution resolution, Collection<ModelDeployment> deployments) {
        return switch (resolution) {
            case Resolution.Complete complete -> advance(deployment, complete, deployments);
            case Resolution.Incomplete incomplete ->
                Progress.of(
                        incomplete,
                        PlacementRecords.read(Optional.ofNullable(deployment.getStatus())),
                        surroundings.podsOf(deployment));
        };
    }

    private Progress advance(
            ModelDeployment deployment, Resolution.Complete resolution, Collection<ModelDeployment> deployments) {
        Step step = reservations.exclusively(() -> decide(deployment, resolution, deployments));
        for (Change change : step.decision().changes()) {
            if (change.event() == DeploymentEvent.PlanMade) {
                events.normal(deployment, change.event(), change.message());
            } else {
                events.warning(deployment, change.event(), change.message());
            }
        }
        List<PodFacts> own = surroundings.podsOf(deployment);
        Rollout rollout = new RolloutPlan(step.decision(), own, step.nodes(), clock.instant(), retryAfter()).work();
        carryOut(deployment, resolution.demand(), step, rollout);
        return Progress.of(step.decision(), rollout, own);
    }

    private Step decide(
            ModelDeployment deployment, Resolution.Complete resolution, Collection<ModelDeployment> deployments) {
        List<Candidate> nodes = surroundings.candidates(deployment, resolution.pools(), deployments);
        String now = clock.instant().toString();
        Decision decision = new Decider(deployment.getMetadata().getName(), resolution.demand(), nodes, planning, now)
                .decide(
                        deployment.getSpec().replicas(),
                        PlacementRecords.read(Optional.ofNullable(deployment.getStatus())));
        reservations.note(deployment, decision.placements());
        return new Step(nodes, decision);
    }

    private void carryOut(ModelDeployment deployment, Demand demand, Step step, Rollout rollout) {
        String namespace = deployment.getMetadata().getNamespace();
        Map<String, Candidate> nodes =
                step.nodes().stream().collect(Collectors.toMap(Candidate::name, Function.identity()));
        for (Deletion deletion : rollout.deletions()) {
            pods.delete(namespace, deletion.pod().name(), deletion.pod().uid());
            events.normal(
                    deployment,
                    DeploymentEvent.StageDeleted,
                    "pod %s: %s".formatted(deletion.pod().name(), deletion.why()));
        }
        StagePod manifest = new StagePod(settings.agent(), settings.source());
        for (Creation creation : rollout.creations()) {
            Candidate node = nodes.get(creation.stage().node());
            if (node == null) {
                throw new IllegalStateException("a plan was made with a node that is not there: " + creation);
            }
            pods.apply(manifest.of(deployment, demand, creation.placement(), creation.stage(), node));
            events.normal(
                    deployment,
                    DeploymentEvent.StageCreated,
                    "pod %s on %s"
                            .formatted(creation.stage().pod(), creation.stage().node()));
        }
        for (Link link : rollout.links()) {
            pods.annotate(namespace, link.pod().name(), link.pod().uid(), Labels.NEXT, link.next());
        }
    }

    private record Step(List<Candidate> nodes, Decision decision) {}
}
