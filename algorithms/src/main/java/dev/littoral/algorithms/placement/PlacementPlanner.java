package dev.littoral.algorithms.placement;

import dev.littoral.algorithms.placement.Infeasible.Shortfall;
import dev.littoral.algorithms.placement.PipelineSearch.Branch;
import dev.littoral.algorithms.placement.PipelineSearch.Partial;
import dev.littoral.algorithms.placement.RunnerUp.Defeat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Plans one replica: the first variant that fits; one node where one suffices, the fastest of those; else the chain of
 * stages with the fewest predicted seconds per token.
 *
 * <p>Never splitting without need is ours, and the field's experience: a split pays only where it is measured.
 */
public final class PlacementPlanner {

    /** Returns the plan, or what is missing where. */
    public Placement plan(PlacementProblem problem) {
        List<Plan> perVariant = new ArrayList<>();
        for (Variant variant : problem.variants()) {
            new Solver(problem, variant).plan().ifPresent(perVariant::add);
            if (perVariant.stream().anyMatch(plan -> plan.runnerUp().isPresent()) || perVariant.size() == 2) {
                break;
            }
        }
        if (perVariant.isEmpty()) {
            return problem.variants().stream()
                    .map(variant -> new Solver(problem, variant).infeasible())
                    .min(Comparator.comparingInt((Infeasible i) -> i.layersPlaced() - i.layers())
                            .reversed()
                            .thenComparingLong(Infeasible::missingBytes))
                    .orElseThrow();
        }
        Plan best = perVariant.getFirst();
        return perVariant.size() < 2
                ? best
                : best.against(new RunnerUp(perVariant.get(1).alone(), Defeat.LessPreferredVariant));
    }

    /** The plans of one variant. */
    private static final class Solver {

        private final PlacementProblem problem;
        private final Variant variant;
        private final StageCosts costs;
        private final PipelineSearch search;

        Solver(PlacementProblem problem, Variant variant) {
            this.problem = problem;
            this.variant = variant;
            this.costs = new StageCosts(problem, variant);
            this.search = new PipelineSearch(costs, problem.nodes());
        }

        Optional<Plan> plan() {
            List<Plan> whole = wholes();
            if (whole.isEmpty()) {
                return search.cheapest(Branch.ANY)
                        .map(best -> secondBest(best)
                                .map(second -> plan(best).against(new RunnerUp(plan(second), Defeat.Slower)))
                                .orElseGet(() -> plan(best)));
            }
            Plan best = whole.getFirst();
            if (whole.size() > 1) {
                return Optional.of(best.against(new RunnerUp(whole.get(1), Defeat.Slower)));
            }
            Optional<Plan> split = cheapestSplit();
            return Optional.of(split.map(plan -> {
                        boolean faster = plan.secondsPerToken() < best.secondsPerToken();
                        return best.against(new RunnerUp(plan, faster ? Defeat.SplitsWithoutNeed : Defeat.Slower));
                    })
                    .orElse(best));
        }

        /** All plans on a single node, the fastest first. */
        private List<Plan> wholes() {
            return IntStream.range(0, problem.nodes().size())
                    .filter(node -> costs.fits(node, 0, costs.layers()))
                    .mapToObj(node -> new Plan(
                            variant.name(),
                            List.of(costs.stage(node, 0, costs.layers())),
                            costs.seconds(node, 0, costs.layers()),
                            0,
                            Optional.empty(),
                            true))
                    .sorted(Comparator.comparingDouble(Plan::secondsPerToken))
                    .toList();
        }

        private Optional<Plan> cheapestSplit() {
            return IntStream.range(0, problem.nodes().size())
                    .mapToObj(node -> search.cheapest(Branch.longerThan(node)))
                    .flatMap(Optional::stream)
                    .min(Comparator.comparingDouble(Partial::seconds))
                    .map(this::plan);
        }

        /** The cheapest chain over another sequence of nodes (Lawler's partition of what is not the winner). */
        private Optional<Partial> secondBest(Partial best) {
            List<Integer> winner = best.nodeSequence();
            return IntStream.rangeClosed(0, winner.size())
                    .mapToObj(depth -> search.cheapest(new Branch(winner.subList(0, depth), winner)))
                    .flatMap(Optional::stream)
                    .min(Comparator.comparingDouble(Partial::seconds));
        }

        private Plan plan(Partial last) {
            List<PlannedStage> stages = last.chain().stream()
                    .map(part -> costs.stage(part.node(), part.first(), part.end()))
                    .toList();
            double compute = stages.stream().mapToDouble(PlannedStage::seconds).sum();
            return new Plan(
                    variant.name(),
                    stages,
                    last.seconds(),
                    Math.max(0, last.seconds() - compute),
                    Optional.empty(),
                    search.complete());
        }

        Infeasible infeasible() {
            int layers = costs.layers();
            long whole = costs.bytes(0, layers).total();
            List<Shortfall> shortfalls = problem.nodes().stream()
                    .map(node -> new Shortfall(node.name(), whole, node.freeBytes()))
                    .toList();
            List<Partial> furthest = search.furthest();
            if (furthest.isEmpty()) {
                return shortfalls.stream()
                        .map(s -> missing(0, costs.bytes(0, 1).total() - s.freeBytes(), s.node(), shortfalls))
                        .min(Comparator.comparingLong(Infeasible::missingBytes))
                        .orElseGet(() -> missing(0, whole, "", shortfalls));
            }
            return furthest.stream()
                    .map(last -> {
                        Node node = problem.nodes().get(last.node());
                        long rest = costs.bytes(last.first(), layers).total() - node.freeBytes();
                        return missing(last.end(), rest, node.name(), shortfalls);
                    })
                    .min(Comparator.comparingLong(Infeasible::missingBytes))
                    .orElseThrow();
        }

        private Infeasible missing(int placed, long bytes, String node, List<Shortfall> shortfalls) {
            return new Infeasible(variant.name(), placed, costs.layers(), bytes, node, shortfalls);
        }
    }
}
