package dev.littoral.operator.modeldeployment;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which plan each replica has from now on.
 *
 * @param placements the plans in force, by replica
 * @param outdated replicas whose plan is no longer what is asked for, kept since there is no other
 * @param refusal why a replica has no plan, or no new one; empty when all have
 * @param changes what to tell, in order
 */
record Decision(
        List<ReplicaPlacement> placements, Set<Integer> outdated, Optional<Refusal> refusal, List<Change> changes) {

    Decision {
        placements = List.copyOf(placements);
        outdated = Set.copyOf(outdated);
        changes = List.copyOf(changes);
    }

    /** Why there is no plan. */
    record Refusal(DeploymentReason reason, String message) {}

    /** A change of a plan, for an event. */
    record Change(DeploymentEvent event, String message) {}
}
