package dev.littoral.operator.languagemodel;

import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.checkpoint.ModelShape;
import dev.littoral.crds.Condition;
import dev.littoral.crds.LanguageModelStatus;
import dev.littoral.crds.ModelDimensions;
import dev.littoral.operator.status.Conditions;
import dev.littoral.operator.status.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Writes a reading into a LanguageModel's status, and reads the shape back from there. */
public final class ModelStatuses {

    private final Conditions conditions;

    /** Dates conditions by {@code conditions}. */
    public ModelStatuses(Conditions conditions) {
        this.conditions = conditions;
    }

    static Verdict verdict(Reading reading) {
        return switch (reading) {
            case Reading.Sound(ModelShape shape, var _) ->
                Verdict.yes(
                        ModelReason.CheckpointRead,
                        String.format(
                                Locale.ROOT,
                                "%s with %d layers and %,d parameters in %,d bytes",
                                shape.config().architecture(),
                                shape.layers(),
                                shape.storedParameters(),
                                shape.storedBytes()));
            case Reading.Unusable(ModelReason reason, String message) -> Verdict.no(reason, message);
        };
    }

    LanguageModelStatus status(long generation, List<Condition> before, Reading reading) {
        var next =
                conditions.after(before, generation, new LinkedHashMap<>(Map.of(Conditions.READY, verdict(reading))));
        return switch (reading) {
            case Reading.Sound(ModelShape shape, Optional<String> resolved) ->
                new LanguageModelStatus(
                        generation,
                        next,
                        resolved.orElse(null),
                        shape.config().architecture(),
                        shape.layers(),
                        shape.storedParameters(),
                        shape.storedBytes(),
                        shape.config().contextTokens(),
                        dimensions(shape));
            case Reading.Unusable ignored ->
                new LanguageModelStatus(generation, next, null, null, null, null, null, null, null);
        };
    }

    private static ModelDimensions dimensions(ModelShape shape) {
        ModelConfig config = shape.config();
        return new ModelDimensions(
                config.hiddenSize(),
                config.heads(),
                config.kvHeads(),
                config.headDim(),
                config.ffnSize(),
                config.vocabularySize(),
                config.normEpsilon(),
                config.ropeTheta(),
                shape.embeddingElementBytes(),
                config.tiedEmbeddings());
    }

    /** Reads the shape back from a status; empty until the checkpoint was read. */
    public static Optional<ModelShape> shape(LanguageModelStatus status) {
        ModelDimensions dimensions = status.dimensions();
        if (dimensions == null
                || status.architecture() == null
                || status.layers() == null
                || status.contextTokens() == null
                || status.sizeBytes() == null
                || status.parameters() == null) {
            return Optional.empty();
        }
        ModelConfig config = new ModelConfig(
                status.architecture(),
                status.layers(),
                dimensions.hiddenSize(),
                dimensions.heads(),
                dimensions.kvHeads(),
                dimensions.headDim(),
                dimensions.feedForwardSize(),
                dimensions.vocabularySize(),
                status.contextTokens(),
                dimensions.normEpsilon(),
                dimensions.ropeTheta(),
                dimensions.tiedEmbeddings());
        return Optional.of(
                new ModelShape(config, dimensions.embeddingElementBytes(), status.sizeBytes(), status.parameters()));
    }
}
