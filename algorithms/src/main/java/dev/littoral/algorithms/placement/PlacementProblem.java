package dev.littoral.algorithms.placement;

import java.util.HashSet;
import java.util.List;

/**
 * The question: where does one replica go?
 *
 * @param variants the quantizations that will do, the preferred one first
 * @param nodes the nodes that may take a stage, each at most one
 * @param overheads what every stage takes besides its model
 * @param hiddenBytes bytes of one token's hidden state, what crosses a cut
 */
public record PlacementProblem(List<Variant> variants, List<Node> nodes, Overheads overheads, long hiddenBytes) {

    public PlacementProblem {
        variants = List.copyOf(variants);
        nodes = List.copyOf(nodes);
        if (variants.isEmpty()) {
            throw new IllegalArgumentException("a placement needs at least one variant");
        }
        if (new HashSet<>(nodes.stream().map(Node::name).toList()).size() < nodes.size()) {
            throw new IllegalArgumentException("two nodes have the same name: " + nodes);
        }
        Require.notNegative("hiddenBytes", hiddenBytes);
    }

    /** Returns the problem of the next replica: the same one with the plan's memory taken. */
    public PlacementProblem after(Plan plan) {
        List<Node> left = nodes.stream()
                .map(node -> plan.stages().stream()
                        .filter(stage -> stage.node().equals(node.name()))
                        .reduce(node, (n, stage) -> n.minus(stage.bytes().total()), (a, b) -> b))
                .toList();
        return new PlacementProblem(variants, left, overheads, hiddenBytes);
    }
}
