package dev.littoral.operator.modeldeployment;

import dev.littoral.operator.status.Reason;

/** Why a condition of a ModelDeployment is as it is. */
public enum DeploymentReason implements Reason {
    /** There is a plan for every replica. */
    Planned,
    /** No replica is wanted. */
    ScaledToZero,
    /** The LanguageModel does not exist. */
    ModelNotFound,
    /** The LanguageModel is not ready. */
    ModelNotReady,
    /** More context is asked for than the model was made for. */
    ContextTooLong,
    /** A QuantizationVariant does not exist. */
    VariantNotFound,
    /** A QuantizationVariant is not ready. */
    VariantNotReady,
    /** A QuantizationVariant belongs to another model. */
    VariantOfAnotherModel,
    /** A DevicePool does not exist. */
    PoolNotFound,
    /** The pools select no node that can take agents. */
    NoNodes,
    /** No variant fits into the free memory; the message says which byte is missing where. */
    DoesNotFit,
    /** There is no plan, so nothing to place. */
    NotPlanned,
    /** Every stage's pod runs on its node. */
    Placed,
    /** A stage waits until memory on its node is given back. */
    WaitingForMemory,
    /** A stage's pod has not started yet. */
    PodStarting,
    /** A node refused a stage's pod. */
    PodRejected,
    /** Not every stage is placed, so not every one can be loaded. */
    NotPlaced,
    /** Every stage is loaded and reaches its neighbours. */
    Loaded,
    /** A stage reads or quantizes its weights, or waits for its neighbour. */
    Loading,
    /** A stage's container keeps ending. */
    StageFailing,
    /** Requests are answered. */
    Ready
}
