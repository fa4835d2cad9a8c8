package dev.littoral.operator.modeldeployment;

import dev.littoral.algorithms.placement.Infeasible;
import dev.littoral.algorithms.placement.Node;
import dev.littoral.algorithms.placement.Placement;
import dev.littoral.algorithms.placement.PlacementPlanner;
import dev.littoral.algorithms.placement.PlacementProblem;
import dev.littoral.algorithms.placement.Plan;
import dev.littoral.crds.Strategy;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Asks the planner for one replica after the other, in the way that the strategy wants. */
record Planning(PlacementPlanner planner, PlacementProblems problems) {

    /** Gives the plan of one replica on nodes with what is left there, or why there is none. */
    Placement plan(Demand demand, List<Node> nodes) {
        PlacementProblem problem = problems.of(demand, nodes);
        return demand.strategy() == Strategy.WHOLE ? whole(problem) : planner.plan(problem);
    }

    /** A node takes at most one stage, so a problem with one node has only whole plans. */
    private Placement whole(PlacementProblem problem) {
        if (problem.nodes().isEmpty()) {
            return planner.plan(problem);
        }
        List<Placement> answers = problem.variants().stream()
                .flatMap(variant -> problem.nodes().stream()
                        .map(node -> planner.plan(new PlacementProblem(
                                List.of(variant), List.of(node), problem.overheads(), problem.hiddenBytes()))))
                .toList();
        List<Plan> plans = only(Plan.class, answers).toList();
        return plans.stream()
                .filter(plan -> plan.variant().equals(plans.getFirst().variant()))
                .min(Comparator.comparingDouble(Plan::secondsPerToken))
                .<Placement>map(plan -> plan)
                .orElseGet(() -> nearest(answers));
    }

    private static Infeasible nearest(List<Placement> answers) {
        Infeasible nearest = only(Infeasible.class, answers)
                .min(Comparator.comparingLong(Infeasible::missingBytes))
                .orElseThrow();
        return new Infeasible(
                nearest.variant(),
                nearest.layersPlaced(),
                nearest.layers(),
                nearest.missingBytes(),
                nearest.missingOn(),
                only(Infeasible.class, answers)
                        .filter(answer -> answer.variant().equals(nearest.variant()))
                        .flatMap(answer -> answer.shortfalls().stream())
                        .toList());
    }

    private static <T extends Placement> Stream<T> only(Class<T> type, List<Placement> answers) {
        return answers.stream().filter(type::isInstance).map(type::cast);
    }
}
