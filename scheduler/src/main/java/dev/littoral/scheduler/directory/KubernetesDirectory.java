package dev.littoral.scheduler.directory;

import dev.littoral.crds.ModelDeployment;
import dev.littoral.crds.ModelDeploymentStatus;
import dev.littoral.crds.PromisedBudgets;
import dev.littoral.crds.StageStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Follows the ModelDeployments of a cluster; while its API server is away, what was last seen stays. */
public final class KubernetesDirectory implements DeploymentDirectory, AutoCloseable {

    private final SharedIndexInformer<ModelDeployment> informer;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile List<Deployment> deployments = List.of();
    private volatile boolean known;

    /** Starts to follow; does not wait for the API server. */
    public KubernetesDirectory(KubernetesClient client) {
        informer = client.resources(ModelDeployment.class).inAnyNamespace().runnableInformer(0);
        informer.addEventHandler(new Changes());
        informer.exceptionHandler((started, failure) -> true);
        informer.start();
    }

    @Override
    public boolean known() {
        if (!known && informer.hasSynced()) {
            // the informer tells its events later than it has the list
            read();
            known = true;
        }
        return known;
    }

    @Override
    public List<Deployment> all() {
        return deployments;
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public void close() {
        informer.close();
    }

    private void read() {
        synchronized (this) {
            deployments = informer.getStore().list().stream()
                    .map(KubernetesDirectory::deployment)
                    .sorted(Comparator.comparing(Deployment::key))
                    .toList();
        }
        listeners.forEach(Runnable::run);
    }

    static Deployment deployment(ModelDeployment resource) {
        List<StageStatus> stages = Optional.ofNullable(resource.getStatus())
                .map(ModelDeploymentStatus::stages)
                .orElse(List.of());
        return new Deployment(
                resource.getMetadata().getNamespace(),
                resource.getMetadata().getName(),
                created(resource),
                heads(stages),
                promised(Optional.ofNullable(resource.getSpec()).flatMap(spec -> Optional.ofNullable(spec.promises()))),
                places(stages));
    }

    private static Deployment.Promised promised(Optional<PromisedBudgets> budgets) {
        return budgets.map(each -> new Deployment.Promised(
                        // no answer is without any energy
                        orInfinite(each.joulesPerToken(), Double.MIN_VALUE),
                        orInfinite(each.moneyPerThousandTokens()) / 1000,
                        orInfinite(each.lowBitShare()),
                        orInfinite(each.missedShare())))
                .orElse(Deployment.Promised.NOTHING);
    }

    private static double orInfinite(@Nullable Double budget) {
        return orInfinite(budget, 0);
    }

    private static double orInfinite(@Nullable Double budget, double least) {
        return budget == null || !(budget >= least) ? Double.POSITIVE_INFINITY : budget;
    }

    /** Returns where each replica runs, by the pod of its stage 0. */
    static Map<String, Deployment.Place> places(List<StageStatus> stages) {
        Map<Integer, List<StageStatus>> replicas = stages.stream()
                .filter(stage -> stage.replica() != null && stage.index() != null)
                .collect(Collectors.groupingBy(StageStatus::replica));
        Map<String, Deployment.Place> places = new HashMap<>();
        for (List<StageStatus> replica : replicas.values()) {
            Deployment.Place place = new Deployment.Place(
                    replica.stream()
                            .map(StageStatus::node)
                            .filter(Objects::nonNull)
                            .toList(),
                    replica.stream()
                            .flatMap(stage -> stage.bits().stream())
                            .mapToInt(Integer::intValue)
                            .min()
                            .orElse(0));
            if (!place.nodes().isEmpty() || place.fewestBits() > 0) {
                replica.stream()
                        .filter(stage -> stage.index() == 0 && stage.pod() != null)
                        .forEach(stage -> places.put(stage.pod(), place));
            }
        }
        return places;
    }

    /** Returns the agents of stage 0 of those replicas of which every stage is ready. */
    static List<AgentRef> heads(List<StageStatus> stages) {
        Map<Integer, List<StageStatus>> replicas = stages.stream()
                .filter(stage -> stage.replica() != null && stage.index() != null)
                .collect(Collectors.groupingBy(StageStatus::replica));
        return replicas.values().stream()
                .filter(replica -> replica.stream().allMatch(stage -> Boolean.TRUE.equals(stage.ready())))
                .flatMap(replica -> replica.stream().filter(stage -> stage.index() == 0))
                .flatMap(stage -> Optional.ofNullable(stage.address()).stream()
                        .flatMap(address -> AgentRef.of(stage.pod(), address).stream()))
                .sorted(Comparator.comparing(AgentRef::pod))
                .toList();
    }

    private static Instant created(ModelDeployment resource) {
        try {
            return Optional.ofNullable(resource.getMetadata().getCreationTimestamp())
                    .map(time -> OffsetDateTime.parse(time).toInstant())
                    .orElse(Instant.EPOCH);
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    private final class Changes implements ResourceEventHandler<ModelDeployment> {

        @Override
        public void onAdd(ModelDeployment added) {
            read();
        }

        @Override
        public void onUpdate(ModelDeployment before, ModelDeployment after) {
            read();
        }

        @Override
        public void onDelete(ModelDeployment deleted, boolean finalStateUnknown) {
            read();
        }
    }
}
