package dev.littoral.operator.modeldeployment;

import dev.littoral.algorithms.placement.PlacementPlanner;
import dev.littoral.crds.DevicePool;
import dev.littoral.crds.ModelDeployment;
import dev.littoral.operator.cluster.ClusterView;
import dev.littoral.operator.cluster.PoolMembers;
import dev.littoral.operator.modeldeployment.Decision.Change;
import dev.littoral.operator.modeldeployment.ReplicaPlacement.PlacedStage;
import dev.littoral.operator.modeldeployment.Rollout.Creation;
import dev.littoral.operator.modeldeployment.Rollout.Deletion;
import dev.littoral.operator.modeldeployment.Rollout.Link;
import dev.littoral.operator.settings.OperatorSettings;
import dev.littoral.operator.status.Events;
import io.fabric8.kubernetes.api.model.Pod;
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
            case Resolution.Complete(Demand demand, List<DevicePool> pools) ->
                advance(
                        deployment,
                        reservations.exclusively(() -> decide(deployment, demand, pools, deployments)),
                        (placement, stage, node) -> new StagePod(settings.agent(), settings.source())
                                .of(deployment, demand, placement, stage, node));
            case Resolution.Served(ServerDemand demand, List<DevicePool> pools) ->
                advance(
                        deployment,
                        reservations.exclusively(() -> decide(deployment, demand, pools, deployments)),
                        (placement, stage, node) ->
                                new ServerPod(settings.agent()).of(deployment, demand, placement, stage, node));
            case Resolution.Incomplete incomplete ->
                Progress.of(incomplete, inForce(deployment), surroundings.podsOf(deployment));
        };
    }

    private Progress advance(ModelDeployment deployment, Step step, Manifest manifest) {
        for (Change change : step.decision().changes()) {
            if (change.event() == DeploymentEvent.PlanMade) {
                events.normal(deployment, change.event(), change.message());
            } else {
                events.warning(deployment, change.event(), change.message());
            }
        }
        List<PodFacts> own = surroundings.podsOf(deployment);
        Rollout rollout = new RolloutPlan(step.decision(), own, step.nodes(), clock.instant(), retryAfter()).work();
        carryOut(deployment, manifest, step, rollout);
        return Progress.of(step.decision(), rollout, own);
    }

    private Step decide(
            ModelDeployment deployment,
            Demand demand,
            List<DevicePool> pools,
            Collection<ModelDeployment> deployments) {
        List<Candidate> nodes = surroundings.candidates(deployment, pools, deployments);
        Decision decision = new Decider(deployment.getMetadata().getName(), demand, nodes, planning, now())
                .decide(deployment.getSpec().replicas(), inForce(deployment));
        reservations.note(deployment, decision.placements());
        return new Step(nodes, decision);
    }

    private Step decide(
            ModelDeployment deployment,
            ServerDemand demand,
            List<DevicePool> pools,
            Collection<ModelDeployment> deployments) {
        List<Candidate> nodes = surroundings.candidates(deployment, pools, deployments);
        long agentBytes = settings.agent().runtimeBytes().bytes();
        Decision decision = new ServerDecider(deployment.getMetadata().getName(), demand, nodes, agentBytes, now())
                .decide(deployment.getSpec().replicas() > 0, inForce(deployment));
        reservations.note(deployment, decision.placements());
        return new Step(nodes, decision);
    }

    private String now() {
        return clock.instant().toString();
    }

    private static List<ReplicaPlacement> inForce(ModelDeployment deployment) {
        return PlacementRecords.read(Optional.ofNullable(deployment.getStatus()));
    }

    private void carryOut(ModelDeployment deployment, Manifest manifest, Step step, Rollout rollout) {
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
        for (Creation creation : rollout.creations()) {
            Candidate node = nodes.get(creation.stage().node());
            if (node == null) {
                throw new IllegalStateException("a plan was made with a node that is not there: " + creation);
            }
            pods.apply(manifest.of(creation.placement(), creation.stage(), node));
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

    /** Spells the pod of a stage. */
    private interface Manifest {
        Pod of(ReplicaPlacement placement, PlacedStage stage, Candidate node);
    }

    private record Step(List<Candidate> nodes, Decision decision) {}
}
