package dev.littoral.algorithms.placement;

import java.util.List;

/** Bytes and seconds of any stage of one variant, in constant time by prefix sums. */
final class StageCosts {

    private final Variant variant;
    private final List<Node> nodes;
    private final Overheads overheads;
    private final long hiddenBytes;
    private final long[] weights;
    private final long[] kv;
    private final double[][] seconds;

    StageCosts(PlacementProblem problem, Variant variant) {
        this.variant = variant;
        this.nodes = problem.nodes();
        this.overheads = problem.overheads();
        this.hiddenBytes = problem.hiddenBytes();
        int layers = variant.layers().size();
        weights = new long[layers + 1];
        kv = new long[layers + 1];
        seconds = new double[nodes.size()][layers + 1];
        for (int layer = 0; layer < layers; layer++) {
            Layer cost = variant.layers().get(layer);
            weights[layer + 1] = weights[layer] + cost.weightBytes();
            kv[layer + 1] = kv[layer] + cost.kvBytes();
            for (int node = 0; node < nodes.size(); node++) {
                seconds[node][layer + 1] = seconds[node][layer] + roofline(nodes.get(node), cost);
            }
        }
    }

    /** A decode step is bound by arithmetic or by reading the weights, whichever takes longer. */
    private static double roofline(Node node, Layer cost) {
        return Math.max(cost.flops() / node.flopsPerSecond(), cost.weightBytes() / node.memoryBytesPerSecond());
    }

    int layers() {
        return variant.layers().size();
    }

    StageBytes bytes(int first, int end) {
        long stageWeights = weights[end] - weights[first];
        if (first == 0) {
            stageWeights += variant.tokenizerBytes();
        }
        if (end == layers()) {
            stageWeights += variant.head().weightBytes();
        }
        return StageBytes.of(stageWeights, kv[end] - kv[first], overheads);
    }

    boolean fits(int node, int first, int end) {
        return bytes(first, end).total() <= nodes.get(node).freeBytes();
    }

    double seconds(int node, int first, int end) {
        double head = end == layers() ? roofline(nodes.get(node), variant.head()) : 0;
        return seconds[node][end] - seconds[node][first] + head;
    }

    /** One hidden state forward, one token back. */
    double linkSeconds(int from, int to) {
        Node a = nodes.get(from);
        Node b = nodes.get(to);
        double latency = a.linkLatencySeconds() + b.linkLatencySeconds();
        return 2 * latency + hiddenBytes / Math.min(a.linkBytesPerSecond(), b.linkBytesPerSecond());
    }

    PlannedStage stage(int node, int first, int end) {
        List<Integer> bits =
                variant.layers().subList(first, end).stream().map(Layer::bits).toList();
        Node target = nodes.get(node);
        return new PlannedStage(
                target.name(), first, end, bits, bytes(first, end), target.freeBytes(), seconds(node, first, end));
    }
}
