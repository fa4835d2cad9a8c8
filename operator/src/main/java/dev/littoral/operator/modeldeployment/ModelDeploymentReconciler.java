package dev.littoral.operator.modeldeployment;

import dev.littoral.crds.Condition;
import dev.littoral.crds.DevicePool;
import dev.littoral.crds.LanguageModel;
import dev.littoral.crds.ModelDeployment;
import dev.littoral.crds.ModelDeploymentStatus;
import dev.littoral.crds.QuantizationVariant;
import dev.littoral.operator.status.Conditions;
import dev.littoral.operator.status.Events;
import dev.littoral.operator.status.Patches;
import dev.littoral.operator.status.Verdict;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;

/** Looks up what is asked for, has it decided, carries it out, reports. Decides nothing itself. */
@ControllerConfiguration(name = "modeldeployment")
public class ModelDeploymentReconciler implements Reconciler<ModelDeployment> {

    private final DeploymentTriggers triggers;
    private final Deployer deployer;
    private final DeploymentStatuses statuses;
    private final Events events;

    ModelDeploymentReconciler(
            DeploymentTriggers triggers, Deployer deployer, DeploymentStatuses statuses, Events events) {
        this.triggers = triggers;
        this.deployer = deployer;
        this.statuses = statuses;
        this.events = events;
    }

    @Override
    public List<EventSource<?, ModelDeployment>> prepareEventSources(EventSourceContext<ModelDeployment> context) {
        return triggers.of(context);
    }

    @Override
    public UpdateControl<ModelDeployment> reconcile(ModelDeployment deployment, Context<ModelDeployment> context) {
        DemandResolver resolver = new DemandResolver(
                context.getSecondaryResources(LanguageModel.class),
                context.getSecondaryResources(QuantizationVariant.class),
                context.getSecondaryResources(DevicePool.class));
        Progress progress = deployer.advance(
                deployment,
                resolver.resolve(deployment.getSpec()),
                context.getPrimaryCache().list(any -> true).toList());
        List<Condition> before = Optional.ofNullable(deployment.getStatus())
                .map(ModelDeploymentStatus::conditions)
                .orElse(List.of());
        int wanted = progress.wanted(deployment.getSpec());
        SequencedMap<String, Verdict> verdicts = progress.verdicts(wanted);
        events.changed(deployment, before, Conditions.READY, Objects.requireNonNull(verdicts.get(Conditions.READY)));
        ModelDeploymentStatus next = statuses.status(deployment, before, progress, verdicts);
        UpdateControl<ModelDeployment> control =
                current(deployment).filter(next::equals).isPresent()
                        ? UpdateControl.noUpdate()
                        : UpdateControl.patchStatus(Patches.resource(deployment, next, ModelDeployment::new));
        return progress.settled(wanted) ? control : control.rescheduleAfter(deployer.retryAfter());
    }

    private static Optional<ModelDeploymentStatus> current(ModelDeployment deployment) {
        return Optional.ofNullable(deployment.getStatus()).map(ModelDeploymentStatus::withoutTraffic);
    }
}
