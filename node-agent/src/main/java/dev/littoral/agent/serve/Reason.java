package dev.littoral.agent.serve;

/** Names why a call was refused or given up; the trailer {@code littoral-reason} carries the name. */
public enum Reason {
    RequestInvalid,
    ModelUnknown,
    ContextExceeded,
    ChatTemplateMissing,
    ChatTemplateRefused,
    NotFirstStage,
    FirstStage,
    StageMismatch,
    PlanMismatch,
    ActivationsInvalid,
    NotLoaded,
    Stopping,
    NoFreeSlot,
    TooManyRequests,
    NextStageAway,
    NextStageLost,
    NextStageSilent,
    NextStageLied,
    DeadlinePassed,
    SequenceIdle,
    ReaderStalled,
    EngineFailed,
    Unexpected
}
