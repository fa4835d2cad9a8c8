package dev.littoral.operator.languagemodel;

import dev.littoral.checkpoint.CheckpointException;
import dev.littoral.operator.status.Reason;
import dev.littoral.sources.SourceException;

/** Why a LanguageModel is ready or not. */
public enum ModelReason implements Reason {
    /** The checkpoint was read. */
    CheckpointRead,
    /** Config and headers of a source elsewhere are being read. */
    SourceReading,
    /** The URI is none that can be meant. */
    SourceInvalid,
    /** The secret that the source names does not exist. */
    SecretNotFound,
    /** The operator cannot look into the claim. */
    ClaimNotMounted,
    /** The server does not answer, or not now. */
    SourceUnreachable,
    /** There is no such repository, revision, bucket, artifact, or file. */
    SourceNotFound,
    /** The server wants another token, key or password. */
    SourceDenied,
    /** The source was changed while it was read. */
    SourceChanged,
    /** What came is not what was promised. */
    SourceCorrupt,
    /** What came would leave its folder, is a link, or is larger than it may be. */
    SourceUnsafe,
    /** Only caches may be used, so nothing is looked up. */
    NotCached,
    /** The operator's disk has no room for config and headers. */
    NoDiskSpace,
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

    /** Translates why a source could not be had. */
    static ModelReason of(SourceException.Reason reason) {
        return switch (reason) {
            case SourceInvalid -> SourceInvalid;
            case SourceUnreachable -> SourceUnreachable;
            case SourceNotFound -> SourceNotFound;
            case SourceDenied -> SourceDenied;
            case SourceChanged -> SourceChanged;
            case SourceCorrupt -> SourceCorrupt;
            case SourceUnsafe -> SourceUnsafe;
            case NoDiskSpace -> NoDiskSpace;
            case NotCached -> NotCached;
        };
    }

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
