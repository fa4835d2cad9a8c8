package dev.littoral.operator.modeldeployment;

import dev.littoral.operator.modeldeployment.ReplicaPlacement.PlacedStage;
import java.util.List;

/**
 * What is to be done to the pods of a deployment now.
 *
 * @param creations stages whose pods can be made now
 * @param deletions pods that nothing needs any more
 * @param links pods that are to be told where the next stage is
 * @param waiting stages that wait for memory, for people
 */
record Rollout(List<Creation> creations, List<Deletion> deletions, List<Link> links, List<String> waiting) {

    Rollout {
        creations = List.copyOf(creations);
        deletions = List.copyOf(deletions);
        links = List.copyOf(links);
        waiting = List.copyOf(waiting);
    }

    /** A pod to make. */
    record Creation(ReplicaPlacement placement, PlacedStage stage) {}

    /** A pod to delete. */
    record Deletion(PodFacts pod, String why) {}

    /**
     * An address to tell.
     *
     * @param next {@code ip:port}
     */
    record Link(PodFacts pod, String next) {}
}
