package dev.littoral.operator.modeldeployment;

import dev.littoral.operator.status.Reason;

/** Decisions of the operator about a ModelDeployment, told as events. */
public enum DeploymentEvent implements Reason {
    /** A replica got its first plan. */
    PlanMade,
    /** A replica got another plan; the message says why. */
    PlanReplaced,
    /** A replica lost its plan and there is no other. */
    PlanDropped,
    /** A stage's pod was made. */
    StageCreated,
    /** A stage's pod was deleted; the message says why. */
    StageDeleted
}
