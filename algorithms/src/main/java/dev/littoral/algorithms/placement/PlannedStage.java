package dev.littoral.algorithms.placement;

import java.util.List;

/**
 * One stage of a plan: layers {@code [firstLayer, endLayer)} on one node.
 *
 * @param node the node's name
 * @param firstLayer first layer, inclusive
 * @param endLayer last layer, exclusive
 * @param bits bits per weight of each of its layers
 * @param bytes what it takes
 * @param freeBytes what the node had free
 * @param seconds predicted compute per generated token
 */
public record PlannedStage(
        String node,
        int firstLayer,
        int endLayer,
        List<Integer> bits,
        StageBytes bytes,
        long freeBytes,
        double seconds) {

    public PlannedStage {
        bits = List.copyOf(bits);
    }
}
