package dev.littoral.algorithms.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The oracle: tries every sequence of nodes with every cut, with arithmetic of its own. */
final class ExhaustiveSearch {

    private final PlacementProblem problem;
    private final Variant variant;
    private final List<Chain> feasible = new ArrayList<>();

    record Chain(List<String> nodes, List<Integer> cuts, double seconds) {}

    ExhaustiveSearch(PlacementProblem problem, Variant variant) {
        this.problem = problem;
        this.variant = variant;
        descend(new ArrayList<>(), new ArrayList<>(), 0, 0);
        feasible.sort(Comparator.comparingDouble(Chain::seconds));
    }

    List<Chain> feasible() {
        return feasible;
    }

    private void descend(List<Node> nodes, List<Integer> cuts, int first, double seconds) {
        int layers = variant.layers().size();
        if (first == layers) {
            feasible.add(new Chain(nodes.stream().map(Node::name).toList(), List.copyOf(cuts), seconds));
            return;
        }
        for (Node node : problem.nodes()) {
            if (nodes.contains(node)) {
                continue;
            }
            double link = 0;
            if (!nodes.isEmpty()) {
                Node last = nodes.getLast();
                link = 2 * (last.linkLatencySeconds() + node.linkLatencySeconds())
                        + problem.hiddenBytes() / Math.min(last.linkBytesPerSecond(), node.linkBytesPerSecond());
            }
            nodes.add(node);
            for (int end = first + 1; end <= layers; end++) {
                if (needed(first, end) <= node.freeBytes()) {
                    cuts.add(end);
                    descend(nodes, cuts, end, seconds + link + compute(node, first, end));
                    cuts.removeLast();
                }
            }
            nodes.removeLast();
        }
    }

    private long needed(int first, int end) {
        long model = problem.overheads().activationBytes();
        for (Layer layer : variant.layers().subList(first, end)) {
            model += layer.weightBytes() + layer.kvBytes();
        }
        model += first == 0 ? variant.tokenizerBytes() : 0;
        model += end == variant.layers().size() ? variant.head().weightBytes() : 0;
        return model
                + (long) Math.ceil(model * problem.overheads().headroom())
                + problem.overheads().runtimeBytes();
    }

    private double compute(Node node, int first, int end) {
        double seconds = 0;
        List<Layer> work = new ArrayList<>(variant.layers().subList(first, end));
        if (end == variant.layers().size()) {
            work.add(variant.head());
        }
        for (Layer layer : work) {
            seconds +=
                    Math.max(layer.flops() / node.flopsPerSecond(), layer.weightBytes() / node.memoryBytesPerSecond());
        }
        return seconds;
    }
}
