package dev.littoral.algorithms.placement;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The dynamic program over (layer, node): the cheapest way to have layers {@code [0, layer)} placed with the last stage
 * on {@code node}.
 *
 * <p>Since a node takes at most one stage, one state may keep several partial plans: a partial plan is dropped only when
 * another in the same state costs no more and uses a subset of its nodes, so the search stays exact. Past
 * {@link #MOST_PARTIALS} in a state the dearest are dropped and the answer is no longer proven.
 */
final class PipelineSearch {

    static final int MOST_PARTIALS = 512;

    private final StageCosts costs;
    private final int nodes;
    private final int[] previousTwin;
    private boolean complete = true;

    PipelineSearch(StageCosts costs, List<Node> nodes) {
        this.costs = costs;
        this.nodes = nodes.size();
        this.previousTwin = previousTwins(nodes);
    }

    /** Of nodes that differ in name only the first unused one is tried: the others would give the same plans again. */
    private static int[] previousTwins(List<Node> nodes) {
        Map<Node, Integer> last = new HashMap<>();
        int[] previous = new int[nodes.size()];
        for (int node = 0; node < previous.length; node++) {
            Integer twin = last.put(nodes.get(node).withName(""), node);
            previous[node] = twin == null ? -1 : twin;
        }
        return previous;
    }

    /** A chain of stages, last one first. */
    record Partial(Optional<Partial> before, int node, int first, int end, BitSet used, int stages, double seconds) {

        List<Partial> chain() {
            Deque<Partial> chain = new ArrayDeque<>();
            for (Optional<Partial> at = Optional.of(this);
                    at.isPresent();
                    at = at.get().before()) {
                chain.addFirst(at.get());
            }
            return List.copyOf(chain);
        }

        List<Integer> nodeSequence() {
            return chain().stream().map(Partial::node).toList();
        }
    }

    /**
     * Which node sequences count: those that begin with {@code prefix} and do not go on as {@code winner} does. With
     * an empty winner all of them.
     */
    record Branch(List<Integer> prefix, List<Integer> winner) {

        static final Branch ANY = new Branch(List.of(), List.of());

        /** The chains that begin on a node and need another one. */
        static Branch longerThan(int node) {
            return new Branch(List.of(node), List.of(node));
        }

        boolean mayEnterAt(int depth, int node) {
            if (depth < prefix.size()) {
                return prefix.get(depth) == node;
            }
            return depth != prefix.size() || depth >= winner.size() || winner.get(depth) != node;
        }

        boolean mayEndAt(int stages) {
            return stages >= prefix.size() && (winner.isEmpty() || stages > prefix.size() || stages < winner.size());
        }
    }

    /** Returns whether no branch had to be given up. */
    boolean complete() {
        return complete;
    }

    /** Returns the cheapest placement of all layers whose node sequence the branch admits. */
    Optional<Partial> cheapest(Branch branch) {
        return table(branch).getLast().stream()
                .flatMap(List::stream)
                .filter(partial -> branch.mayEndAt(partial.stages()))
                .min((a, b) -> Double.compare(a.seconds(), b.seconds()));
    }

    /** Returns, of the placements that reach furthest, those of every last node; empty when no layer fits anywhere. */
    List<Partial> furthest() {
        List<List<List<Partial>>> table = table(Branch.ANY);
        for (int end = costs.layers(); end > 0; end--) {
            List<Partial> reached =
                    table.get(end).stream().flatMap(List::stream).toList();
            if (!reached.isEmpty()) {
                return reached;
            }
        }
        return List.of();
    }

    /** {@code table[end][node]}: the undominated partial plans of layers [0, end) that end on that node. */
    private List<List<List<Partial>>> table(Branch branch) {
        int layers = costs.layers();
        List<List<List<Partial>>> table = new ArrayList<>();
        for (int end = 0; end <= layers; end++) {
            List<List<Partial>> row = new ArrayList<>();
            for (int node = 0; node < nodes; node++) {
                row.add(new ArrayList<>());
            }
            table.add(row);
        }
        for (int node = 0; node < nodes; node++) {
            if (branch.mayEnterAt(0, node) && previousTwin[node] < 0) {
                extend(branch, table, Optional.empty(), node, 0);
            }
        }
        for (int first = 1; first < layers; first++) {
            List<Partial> open = table.get(first).stream().flatMap(List::stream).toList();
            for (Partial partial : open) {
                for (int node = 0; node < nodes; node++) {
                    if (mayFollow(partial, node) && branch.mayEnterAt(partial.stages(), node)) {
                        extend(branch, table, Optional.of(partial), node, first);
                    }
                }
            }
        }
        return table;
    }

    private boolean mayFollow(Partial partial, int node) {
        BitSet used = partial.used();
        return !used.get(node) && (previousTwin[node] < 0 || used.get(previousTwin[node]));
    }

    private void extend(Branch branch, List<List<List<Partial>>> table, Optional<Partial> before, int node, int first) {
        double link = before.map(last -> costs.linkSeconds(last.node(), node)).orElse(0.0);
        double sofar = before.map(Partial::seconds).orElse(0.0) + link;
        BitSet used = before.map(last -> (BitSet) last.used().clone()).orElseGet(BitSet::new);
        used.set(node);
        int stages = before.map(Partial::stages).orElse(0) + 1;
        for (int end = first + 1; end <= costs.layers(); end++) {
            if (costs.fits(node, first, end)) {
                double seconds = sofar + costs.seconds(node, first, end);
                add(branch, table.get(end).get(node), new Partial(before, node, first, end, used, stages, seconds));
            }
        }
    }

    private void add(Branch branch, List<Partial> state, Partial candidate) {
        for (Partial other : state) {
            if (dominates(branch, other, candidate)) {
                return;
            }
        }
        state.removeIf(other -> dominates(branch, candidate, other));
        state.add(candidate);
        if (state.size() > MOST_PARTIALS) {
            complete = false;
            state.sort((a, b) -> Double.compare(a.seconds(), b.seconds()));
            state.removeLast();
        }
    }

    private static boolean dominates(Branch branch, Partial a, Partial b) {
        boolean sameContinuations =
                a.stages() == b.stages() || a.stages() > branch.prefix().size();
        if (!sameContinuations || a.seconds() > b.seconds()) {
            return false;
        }
        BitSet onlyA = (BitSet) a.used().clone();
        onlyA.andNot(b.used());
        return onlyA.isEmpty();
    }
}
