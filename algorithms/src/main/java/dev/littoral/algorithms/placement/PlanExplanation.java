package dev.littoral.algorithms.placement;

import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** Says in words and figures what a {@link Placement} is and why. */
public final class PlanExplanation {

    private PlanExplanation() {}

    /** Returns one line per stage with its bytes against the free bytes, the predicted time, and the runner-up. */
    public static String of(Plan plan) {
        StringJoiner lines = new StringJoiner("\n");
        lines.add(
                plan.whole()
                        ? "variant %s on one node: it fits, so it is not split".formatted(plan.variant())
                        : "variant %s in %d stages: no single node holds it"
                                .formatted(plan.variant(), plan.stages().size()));
        for (PlannedStage stage : plan.stages()) {
            lines.add(line(stage));
        }
        lines.add("predicted %s per token (%s tokens/s), of it %s on links"
                .formatted(
                        time(plan.secondsPerToken()),
                        String.format(Locale.ROOT, "%.0f", 1 / plan.secondsPerToken()),
                        time(plan.linkSeconds())));
        lines.add(plan.runnerUp().map(r -> defeat(plan, r)).orElse("runner-up: none, nothing else fits"));
        if (!plan.proven()) {
            lines.add("the search gave up branches: a faster plan may exist");
        }
        return lines.toString();
    }

    /** Returns which bytes are missing where. */
    public static String of(Infeasible answer) {
        StringJoiner lines = new StringJoiner("\n");
        lines.add(
                answer.missingOn().isEmpty()
                        ? "no node may take a stage of variant %s".formatted(answer.variant())
                        : "variant %s: %d of %d layers can be placed; the rest misses %s on %s"
                                .formatted(
                                        answer.variant(),
                                        answer.layersPlaced(),
                                        answer.layers(),
                                        size(answer.missingBytes()),
                                        answer.missingOn()));
        answer.shortfalls()
                .forEach(s -> lines.add("%s: the whole model needs %s, free are %s, missing %s"
                        .formatted(s.node(), size(s.neededBytes()), size(s.freeBytes()), size(s.missingBytes()))));
        return lines.toString();
    }

    private static String line(PlannedStage stage) {
        StageBytes bytes = stage.bytes();
        return "%s: layers [%d, %d) at %s; %s of %s free = weights %s + KV %s + activations %s + headroom %s + runtime %s; %s per token"
                .formatted(
                        stage.node(),
                        stage.firstLayer(),
                        stage.endLayer(),
                        bits(stage.bits()),
                        size(bytes.total()),
                        size(stage.freeBytes()),
                        size(bytes.weights()),
                        size(bytes.kv()),
                        size(bytes.activations()),
                        size(bytes.headroom()),
                        size(bytes.runtime()),
                        time(stage.seconds()));
    }

    private static String bits(List<Integer> bits) {
        return bits.stream().distinct().count() == 1
                ? bits.getFirst() + " bits"
                : bits.stream().map(String::valueOf).collect(Collectors.joining(",")) + " bits";
    }

    private static String defeat(Plan winner, RunnerUp runnerUp) {
        Plan plan = runnerUp.plan();
        String where = plan.stages().stream()
                .map(s -> "%s [%d, %d)".formatted(s.node(), s.firstLayer(), s.endLayer()))
                .collect(Collectors.joining(" + "));
        String why = switch (runnerUp.defeat()) {
            case Slower -> "lost by %s per token".formatted(time(plan.secondsPerToken() - winner.secondsPerToken()));
            case SplitsWithoutNeed -> "lost because it splits what one node holds";
            case LessPreferredVariant -> "lost because variant %s is preferred".formatted(winner.variant());
        };
        return "runner-up: variant %s on %s, predicted %s per token; %s"
                .formatted(plan.variant(), where, time(plan.secondsPerToken()), why);
    }

    private static String time(double seconds) {
        return seconds >= 1
                ? String.format(Locale.ROOT, "%.2f s", seconds)
                : seconds >= 1e-3
                        ? String.format(Locale.ROOT, "%.2f ms", seconds * 1e3)
                        : String.format(Locale.ROOT, "%.1f us", seconds * 1e6);
    }

    private static String size(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        int unit = Math.min((63 - Long.numberOfLeadingZeros(bytes)) / 10, 4);
        return String.format(Locale.ROOT, "%.1f %ciB", bytes / (double) (1L << (unit * 10)), "KMGT".charAt(unit - 1));
    }
}
