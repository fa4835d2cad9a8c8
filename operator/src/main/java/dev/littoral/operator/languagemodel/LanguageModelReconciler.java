package dev.littoral.operator.languagemodel;

import dev.littoral.crds.Condition;
import dev.littoral.crds.LanguageModel;
import dev.littoral.crds.LanguageModelStatus;
import dev.littoral.operator.settings.OperatorSettings;
import dev.littoral.operator.status.Conditions;
import dev.littoral.operator.status.Events;
import dev.littoral.operator.status.Patches;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads the checkpoint, reports what it found, and looks again from time to time. */
@ControllerConfiguration(name = "languagemodel")
public class LanguageModelReconciler implements Reconciler<LanguageModel> {

    private static final Duration WHILE_READING = Duration.ofSeconds(1);

    private final Sources sources;
    private final ModelStatuses statuses;
    private final Events events;
    private final OperatorSettings settings;

    LanguageModelReconciler(Sources sources, ModelStatuses statuses, Events events, OperatorSettings settings) {
        this.sources = sources;
        this.statuses = statuses;
        this.events = events;
        this.settings = settings;
    }

    @Override
    public UpdateControl<LanguageModel> reconcile(LanguageModel model, Context<LanguageModel> context) {
        if (pinned(model)) {
            return UpdateControl.noUpdate();
        }
        List<Condition> before = Optional.ofNullable(model.getStatus())
                .map(LanguageModelStatus::conditions)
                .orElse(List.of());
        Reading reading =
                sources.read(model.getMetadata().getNamespace(), model.getSpec().source());
        events.changed(model, before, Conditions.READY, ModelStatuses.verdict(reading));
        LanguageModelStatus next = statuses.status(model.getMetadata().getGeneration(), before, reading);
        boolean busy = reading instanceof Reading.Unusable unusable && unusable.reason() == ModelReason.SourceReading;
        return Patches.status(model, next, LanguageModel::new)
                .rescheduleAfter(busy ? WHILE_READING : settings.checkpoint().recheckEvery());
    }

    /** What was looked up elsewhere stays what it was until the spec changes: a branch that moves moves no stage. */
    private static boolean pinned(LanguageModel model) {
        LanguageModelStatus status = model.getStatus();
        return status != null
                && status.resolvedUri() != null
                && model.getMetadata().getGeneration().equals(status.observedGeneration())
                && ModelStatuses.shape(status).isPresent();
    }
}
