package dev.littoral.algorithms.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.littoral.algorithms.placement.RunnerUp.Defeat;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlacementPlannerTest {

    private static final long MIB = 1L << 20;
    private static final Overheads NO_OVERHEADS = new Overheads(0, 0, 0);

    private final PlacementPlanner planner = new PlacementPlanner();

    @Test
    void aModelThatFitsOnOneNodeIsNotSplit() {
        Variant model = variant("w8", 4, 10 * MIB);
        Placement answer = planner.plan(problem(List.of(model), node("small", 30, 1), node("large", 50, 1)));

        assertThat(answer).isInstanceOfSatisfying(Plan.class, plan -> {
            assertThat(plan.stages()).extracting(PlannedStage::node).containsExactly("large");
            assertThat(plan.proven()).isTrue();
        });
    }

    @Test
    void ofSeveralNodesThatHoldTheModelTheFastestIsChosenAndTheNextIsTheRunnerUp() {
        Variant model = variant("w8", 4, 10 * MIB);
        Plan plan = (Plan) planner.plan(problem(List.of(model), node("slow", 50, 1), node("fast", 50, 4)));

        assertThat(plan.stages().getFirst().node()).isEqualTo("fast");
        assertThat(plan.runnerUp()).hasValueSatisfying(runnerUp -> {
            assertThat(runnerUp.plan().stages().getFirst().node()).isEqualTo("slow");
            assertThat(runnerUp.defeat()).isEqualTo(Defeat.Slower);
        });
    }

    @Test
    void aFasterSplitLosesToTheOneNodeThatSuffices() {
        Variant model = variant("w8", 4, 10 * MIB);
        Plan plan = (Plan) planner.plan(problem(List.of(model), node("slow", 50, 1), node("fast", 30, 50)));

        assertThat(plan.stages()).extracting(PlannedStage::node).containsExactly("slow");
        assertThat(plan.runnerUp().orElseThrow().defeat()).isEqualTo(Defeat.SplitsWithoutNeed);
    }

    @Test
    void aPreferredVariantThatMustBeSplitWinsOverALaterOneThatNeedNot() {
        Plan plan = (Plan) planner.plan(problem(
                List.of(variant("w8", 4, 10 * MIB), variant("w4", 4, 5 * MIB)), node("a", 25, 1), node("b", 26, 1)));

        assertThat(plan.variant()).isEqualTo("w8");
        assertThat(plan.stages()).hasSize(2);
    }

    @Test
    void theFirstVariantThatFitsIsTakenWhenThePreferredOneDoesNot() {
        Plan plan = (Plan) planner.plan(
                problem(List.of(variant("w8", 4, 10 * MIB), variant("w4", 4, 5 * MIB)), node("a", 25, 1)));

        assertThat(plan.variant()).isEqualTo("w4");
    }

    @Test
    void whatFitsNowhereSaysWhichBytesAreMissingWhere() {
        // a holds 2 of 4 layers, b one: the fourth layer misses 10 - (16 - 10) MiB = 4 MiB on b
        Placement answer =
                planner.plan(problem(List.of(variant("w8", 4, 10 * MIB)), node("a", 20, 1), node("b", 16, 1)));

        assertThat(answer).isInstanceOfSatisfying(Infeasible.class, infeasible -> {
            assertThat(infeasible.layersPlaced()).isEqualTo(3);
            assertThat(infeasible.missingBytes()).isEqualTo(4 * MIB);
            assertThat(infeasible.missingOn()).isEqualTo("b");
            assertThat(infeasible.shortfalls())
                    .extracting(Infeasible.Shortfall::missingBytes)
                    .containsExactly(20 * MIB, 24 * MIB);
        });
        assertThat(PlanExplanation.of((Infeasible) answer))
                .contains("3 of 4 layers can be placed; the rest misses 4.0 MiB on b");
    }

    @Test
    void withoutANodeTheWholeModelIsMissing() {
        Infeasible answer = (Infeasible) planner.plan(problem(List.of(variant("w8", 4, MIB))));

        assertThat(answer.missingOn()).isEmpty();
        assertThat(answer.missingBytes()).isEqualTo(4 * MIB);
    }

    @Test
    void theNextReplicaFindsTheMemoryOfTheFirstTaken() {
        PlacementProblem first = problem(List.of(variant("w8", 4, 10 * MIB)), node("a", 50, 2), node("b", 50, 1));
        Plan plan = (Plan) planner.plan(first);
        Plan next = (Plan) planner.plan(first.after(plan));

        assertThat(plan.stages().getFirst().node()).isEqualTo("a");
        assertThat(next.stages().getFirst().node()).isEqualTo("b");
    }

    @Test
    void fortyTwinNodesAreSolvedExactly() {
        // every stage holds 3 of 30 layers, so ten of forty equal nodes are needed
        Node[] twins =
                IntStream.range(0, 40).mapToObj(i -> node("n" + i, 30, 1)).toArray(Node[]::new);
        Plan plan = (Plan) planner.plan(problem(List.of(variant("w8", 30, 10 * MIB)), twins));

        assertThat(plan.stages()).hasSize(10);
        assertThat(plan.proven()).isTrue();
    }

    @Test
    void twoNodesOfOneNameAreRefused() {
        assertThatThrownBy(() -> problem(List.of(variant("w8", 1, 1)), node("a", 1, 1), node("a", 1, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("same name");
    }

    @ParameterizedTest
    @MethodSource("randomProblems")
    void theAnswerIsThatOfExhaustiveSearch(PlacementProblem problem) {
        Placement answer = planner.plan(problem);
        Variant variant = problem.variants().getFirst();
        List<ExhaustiveSearch.Chain> all = new ExhaustiveSearch(problem, variant).feasible();
        List<ExhaustiveSearch.Chain> wholes =
                all.stream().filter(chain -> chain.nodes().size() == 1).toList();

        if (all.isEmpty()) {
            assertThat(answer).isInstanceOf(Infeasible.class);
            assertThat(((Infeasible) answer).missingBytes()).isPositive();
            return;
        }
        Plan plan = (Plan) answer;
        ExhaustiveSearch.Chain best = wholes.isEmpty() ? all.getFirst() : wholes.getFirst();
        assertThat(plan.secondsPerToken()).isCloseTo(best.seconds(), within(1e-9 * best.seconds()));
        assertThat(plan.stages()).allSatisfy(s -> assertThat(s.bytes().total()).isLessThanOrEqualTo(s.freeBytes()));
        assertThat(plan.stages().getLast().endLayer())
                .isEqualTo(variant.layers().size());

        List<String> chosen = plan.stages().stream().map(PlannedStage::node).toList();
        List<ExhaustiveSearch.Chain> rivals = (wholes.size() > 1 ? wholes : all)
                .stream().filter(chain -> !chain.nodes().equals(chosen)).toList();
        if (rivals.isEmpty()) {
            assertThat(plan.runnerUp()).isEmpty();
        } else {
            double second = rivals.getFirst().seconds();
            assertThat(plan.runnerUp().orElseThrow().plan().secondsPerToken()).isCloseTo(second, within(1e-9 * second));
        }
    }

    static Stream<PlacementProblem> randomProblems() {
        SplittableRandom random = new SplittableRandom(42);
        return Stream.generate(() -> randomProblem(random)).limit(400);
    }

    private static PlacementProblem randomProblem(SplittableRandom random) {
        List<Layer> layers = IntStream.range(0, random.nextInt(1, 7))
                .mapToObj(i -> layer(random.nextLong(1, 20) * MIB, random.nextLong(0, 4) * MIB, random.nextDouble(1e9)))
                .toList();
        Variant variant =
                new Variant("v", layers, random.nextLong(0, 8) * MIB, layer(random.nextLong(0, 8) * MIB, 0, 1e8));
        List<Node> nodes = new ArrayList<>();
        int count = random.nextInt(1, 5);
        for (int i = 0; i < count; i++) {
            nodes.add(new Node(
                    "n" + i,
                    random.nextLong(4, 70) * MIB,
                    random.nextDouble(1e9, 1e11),
                    random.nextDouble(1e9, 1e11),
                    random.nextDouble(1e5, 1e8),
                    random.nextDouble(0, 5e-3)));
        }
        Overheads overheads =
                new Overheads(random.nextLong(0, 3) * MIB, random.nextLong(0, 2) * MIB, random.nextDouble(0, 0.3));
        return new PlacementProblem(List.of(variant), nodes, overheads, 1024);
    }

    private static Layer layer(long weightBytes, long kvBytes, double flops) {
        return new Layer(8, weightBytes, kvBytes, flops);
    }

    private static Variant variant(String name, int layers, long layerBytes) {
        return new Variant(
                name,
                IntStream.range(0, layers)
                        .mapToObj(i -> layer(layerBytes, 0, 1e6))
                        .toList(),
                0,
                layer(0, 0, 0));
    }

    private static Node node(String name, long freeMib, double speed) {
        return new Node(name, freeMib * MIB, speed * 1e9, speed * 1e9, 1e8, 1e-4);
    }

    private static PlacementProblem problem(List<Variant> variants, Node... nodes) {
        return new PlacementProblem(variants, List.of(nodes), NO_OVERHEADS, 1024);
    }
}
