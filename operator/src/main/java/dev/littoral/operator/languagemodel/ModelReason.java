package dev.littoral.operator.languagemodel;

import dev.littoral.checkpoint.CheckpointException;
import dev.littoral.operator.status.Reason;

/** Why a LanguageModel is ready or not. */
public enum ModelReason implements Reason {
    /** The checkpoint was read. */
    CheckpointRead,
    /** The source's scheme is none that works yet. */
    SourceUnsupported,
    /** The source lies outside the folders that the operator may serve from. */
    SourceForbidden,
    /** The folder is not there or cannot be read. */
    CheckpointMissing,
    /** There is no config.json. */
    ConfigMissing,
    /** config.json or another JSON file is wrong. */
    ConfigInvalid,
    /** The model is of an architecture that does not run yet. */
    ArchitectureUnsupported,
    /** A weight file or a tensor is missing. */
    WeightsMissing,
    /** A weight file is damaged or lies about itself. */
    WeightsInvalid;

    /** Translates what was found wrong with a checkpoint. */
    static ModelReason of(CheckpointException.Reason reason) {
        return switch (reason) {
            case CheckpointMissing -> CheckpointMissing;
            case ConfigMissing -> ConfigMissing;
            case ConfigInvalid -> ConfigInvalid;
            case ArchitectureUnsupported -> ArchitectureUnsupported;
            case WeightsMissing -> WeightsMissing;
            case WeightsInvalid -> WeightsInvalid;
        };
    }
}
