package dev.littoral.operator.modeldeployment;

import dev.littoral.checkpoint.ModelShape;
import dev.littoral.crds.Condition;
import dev.littoral.crds.DevicePool;
import dev.littoral.crds.LanguageModel;
import dev.littoral.crds.ModelDeploymentSpec;
import dev.littoral.crds.NodeServer;
import dev.littoral.crds.QuantizationVariant;
import dev.littoral.operator.languagemodel.ModelStatuses;
import dev.littoral.operator.languagemodel.Place;
import dev.littoral.operator.modeldeployment.Demand.DemandedVariant;
import dev.littoral.operator.quantizationvariant.VariantQuantization;
import dev.littoral.operator.status.Conditions;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Looks up what a deployment names, among resources of its namespace. */
record DemandResolver(
        Collection<LanguageModel> models, Collection<QuantizationVariant> variants, Collection<DevicePool> pools) {

    /** Gives the demand, or the first thing that is in its way. */
    Resolution resolve(ModelDeploymentSpec spec) {
        return spec.server() == null ? modelled(spec) : served(spec, spec.server());
    }

    private Resolution served(ModelDeploymentSpec spec, NodeServer server) {
        int contextTokens = Objects.requireNonNull(spec.contextTokens(), "contextTokens");
        return switch (pools(spec)) {
            case PoolsFound(List<DevicePool> chosen) ->
                new Resolution.Served(new ServerDemand(server, contextTokens, spec.slots()), chosen);
            case PoolMissing(Resolution.Incomplete why) -> why;
        };
    }

    private Resolution modelled(ModelDeploymentSpec spec) {
        String wanted = Objects.requireNonNull(spec.model(), "model");
        Optional<LanguageModel> found = named(models, wanted);
        if (found.isEmpty()) {
            return missing(DeploymentReason.ModelNotFound, "LanguageModel", wanted);
        }
        LanguageModel model = found.get();
        Optional<ModelShape> shape = Optional.ofNullable(model.getStatus()).flatMap(ModelStatuses::shape);
        if (shape.isEmpty()) {
            String why = Optional.ofNullable(model.getStatus())
                    .flatMap(status -> message(status.conditions()))
                    .orElse("its checkpoint was not read yet");
            return new Resolution.Incomplete(
                    DeploymentReason.ModelNotReady, "LanguageModel %s is not ready: %s".formatted(wanted, why));
        }
        return resolve(spec, model, shape.get());
    }

    private Resolution resolve(ModelDeploymentSpec spec, LanguageModel model, ModelShape shape) {
        int longest = shape.config().contextTokens();
        int contextTokens = spec.contextTokens() == null ? longest : spec.contextTokens();
        if (contextTokens > longest) {
            return new Resolution.Incomplete(
                    DeploymentReason.ContextTooLong,
                    "contextTokens is %d but the model was made for %d".formatted(contextTokens, longest));
        }
        List<DemandedVariant> demanded = new ArrayList<>();
        for (String name : spec.variants()) {
            switch (variant(name, model.getMetadata().getName(), shape)) {
                case Found(DemandedVariant variant) -> demanded.add(variant);
                case NotFound(Resolution.Incomplete why) -> {
                    return why;
                }
            }
        }
        return switch (pools(spec)) {
            case PoolsFound(List<DevicePool> chosen) ->
                new Resolution.Complete(
                        new Demand(
                                Place.of(
                                        model.getSpec().source(),
                                        Optional.ofNullable(model.getStatus().resolvedUri())),
                                shape,
                                demanded,
                                contextTokens,
                                spec.slots(),
                                spec.strategy()),
                        chosen);
            case PoolMissing(Resolution.Incomplete why) -> why;
        };
    }

    private PoolLookup pools(ModelDeploymentSpec spec) {
        List<DevicePool> chosen = new ArrayList<>();
        for (String name : spec.pools()) {
            Optional<DevicePool> pool = named(pools, name);
            if (pool.isEmpty()) {
                return new PoolMissing(missing(DeploymentReason.PoolNotFound, "DevicePool", name));
            }
            chosen.add(pool.get());
        }
        return new PoolsFound(chosen);
    }

    private Lookup variant(String name, String model, ModelShape shape) {
        Optional<QuantizationVariant> found = named(variants, name);
        if (found.isEmpty()) {
            return new NotFound(missing(DeploymentReason.VariantNotFound, "QuantizationVariant", name));
        }
        QuantizationVariant variant = found.get();
        if (!variant.getSpec().model().equals(model)) {
            return new NotFound(new Resolution.Incomplete(
                    DeploymentReason.VariantOfAnotherModel,
                    "QuantizationVariant %s is one of model %s, not of %s"
                            .formatted(name, variant.getSpec().model(), model)));
        }
        return Optional.ofNullable(variant.getStatus())
                .filter(status -> status.bits().size() == shape.layers()
                        && variant.getMetadata().getGeneration().equals(status.observedGeneration()))
                .<Lookup>map(status -> new Found(new DemandedVariant(
                        name,
                        VariantQuantization.of(variant.getSpec(), status.bits()),
                        variant.getSpec().kvBits())))
                .orElseGet(() -> new NotFound(new Resolution.Incomplete(
                        DeploymentReason.VariantNotReady,
                        "QuantizationVariant %s is not ready: %s"
                                .formatted(
                                        name,
                                        Optional.ofNullable(variant.getStatus())
                                                .flatMap(status -> message(status.conditions()))
                                                .orElse("it was not worked out yet")))));
    }

    private static Resolution.Incomplete missing(DeploymentReason reason, String kind, String name) {
        return new Resolution.Incomplete(reason, "there is no %s %s in this namespace".formatted(kind, name));
    }

    private static Optional<String> message(List<Condition> conditions) {
        return conditions.stream()
                .filter(condition -> condition.type().equals(Conditions.READY))
                .map(Condition::message)
                .findFirst();
    }

    private static <T extends HasMetadata> Optional<T> named(Collection<T> resources, String name) {
        return resources.stream()
                .filter(resource -> resource.getMetadata().getName().equals(name))
                .findFirst();
    }

    private sealed interface Lookup {}

    private record Found(DemandedVariant variant) implements Lookup {}

    private record NotFound(Resolution.Incomplete why) implements Lookup {}

    private sealed interface PoolLookup {}

    private record PoolsFound(List<DevicePool> chosen) implements PoolLookup {}

    private record PoolMissing(Resolution.Incomplete why) implements PoolLookup {}
}
