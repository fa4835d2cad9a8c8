package dev.littoral.algorithms.placement;

import java.util.List;

/**
 * No variant fits: what is missing where, for the variant that came furthest.
 *
 * @param variant the variant that came furthest
 * @param layersPlaced how many layers could be placed at best, from the first on
 * @param layers how many layers there are
 * @param missingBytes the fewest bytes that one node would need more to take the rest
 * @param missingOn that node's name; empty when there is no node at all
 * @param shortfalls for every node, what the whole model would need there and what is free
 */
public record Infeasible(
        String variant, int layersPlaced, int layers, long missingBytes, String missingOn, List<Shortfall> shortfalls)
        implements Placement {

    public Infeasible {
        shortfalls = List.copyOf(shortfalls);
    }

    /**
     * What one node lacks to hold the whole model.
     *
     * @param node the node's name
     * @param neededBytes what the whole model takes as one stage
     * @param freeBytes what is free
     */
    public record Shortfall(String node, long neededBytes, long freeBytes) {

        /** Returns the bytes that are missing. */
        public long missingBytes() {
            return Math.max(0, neededBytes - freeBytes);
        }
    }
}
