package dev.littoral.algorithms.placement;

/**
 * A node as the planner sees it: what is free, and how fast it computes and talks.
 *
 * @param name the node's name, unique in a problem
 * @param freeBytes memory that a new stage may take
 * @param flopsPerSecond sustained floating point operations per second
 * @param memoryBytesPerSecond sustained memory bandwidth; decoding reads every weight once per token
 * @param linkBytesPerSecond bandwidth of its uplink; a transfer runs at the slower of both ends
 * @param linkLatencySeconds one-way latency of its uplink; a message pays both ends'
 */
public record Node(
        String name,
        long freeBytes,
        double flopsPerSecond,
        double memoryBytesPerSecond,
        double linkBytesPerSecond,
        double linkLatencySeconds) {

    public Node {
        Require.notNegative("freeBytes of " + name, freeBytes);
        Require.positive("flopsPerSecond of " + name, flopsPerSecond);
        Require.positive("memoryBytesPerSecond of " + name, memoryBytesPerSecond);
        Require.positive("linkBytesPerSecond of " + name, linkBytesPerSecond);
        Require.notNegative("linkLatencySeconds of " + name, linkLatencySeconds);
    }

    /** Returns this node with {@code bytes} less free memory, never less than none. */
    public Node minus(long bytes) {
        return new Node(
                name,
                Math.max(0, freeBytes - bytes),
                flopsPerSecond,
                memoryBytesPerSecond,
                linkBytesPerSecond,
                linkLatencySeconds);
    }

    /** Returns this node under another name. */
    Node withName(String other) {
        return new Node(other, freeBytes, flopsPerSecond, memoryBytesPerSecond, linkBytesPerSecond, linkLatencySeconds);
    }
}
