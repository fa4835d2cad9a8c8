package dev.littoral.operator.quantizationvariant;

import dev.littoral.crds.Condition;
import dev.littoral.crds.LanguageModel;
import dev.littoral.crds.QuantizationVariant;
import dev.littoral.crds.QuantizationVariantStatus;
import dev.littoral.operator.status.Conditions;
import dev.littoral.operator.status.Events;
import dev.littoral.operator.status.Patches;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Works out what a variant comes to for its model, again whenever either changes. */
@ControllerConfiguration(name = "quantizationvariant")
public class QuantizationVariantReconciler implements Reconciler<QuantizationVariant> {

    private final VariantStatuses statuses;
    private final Events events;

    QuantizationVariantReconciler(VariantStatuses statuses, Events events) {
        this.statuses = statuses;
        this.events = events;
    }

    @Override
    public List<EventSource<?, QuantizationVariant>> prepareEventSources(
            EventSourceContext<QuantizationVariant> context) {
        var models = InformerEventSourceConfiguration.from(LanguageModel.class, QuantizationVariant.class)
                .withSecondaryToPrimaryMapper(model -> variantsOf(model, context))
                .withPrimaryToSecondaryMapper((QuantizationVariant variant) -> Set.of(modelOf(variant)))
                .build();
        return List.of(new InformerEventSource<>(models, context));
    }

    @Override
    public UpdateControl<QuantizationVariant> reconcile(
            QuantizationVariant variant, Context<QuantizationVariant> context) {
        List<Condition> before = Optional.ofNullable(variant.getStatus())
                .map(QuantizationVariantStatus::conditions)
                .orElse(List.of());
        VariantBits bits = VariantBits.of(variant.getSpec(), context.getSecondaryResource(LanguageModel.class));
        events.changed(variant, before, Conditions.READY, VariantStatuses.verdict(bits));
        return Patches.status(
                variant,
                statuses.status(variant.getMetadata().getGeneration(), before, bits),
                QuantizationVariant::new);
    }

    private static ResourceID modelOf(QuantizationVariant variant) {
        return new ResourceID(variant.getSpec().model(), variant.getMetadata().getNamespace());
    }

    private static Set<ResourceID> variantsOf(LanguageModel model, EventSourceContext<QuantizationVariant> context) {
        return context.getPrimaryCache()
                .list(variant -> modelOf(variant).isSameResource(model))
                .map(ResourceID::fromResource)
                .collect(Collectors.toSet());
    }
}
