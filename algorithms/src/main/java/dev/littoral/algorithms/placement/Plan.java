package dev.littoral.algorithms.placement;

import java.util.List;
import java.util.Optional;

/**
 * Where one replica goes.
 *
 * @param variant the chosen variant's name
 * @param stages the stages in order, covering all layers
 * @param secondsPerToken predicted time of one decoded token at batch 1: compute of all stages and every transfer
 * @param linkSeconds the transfers' part of it
 * @param runnerUp the best plan that was not chosen
 * @param proven whether the search was exhaustive; false when it had to give up branches
 */
public record Plan(
        String variant,
        List<PlannedStage> stages,
        double secondsPerToken,
        double linkSeconds,
        Optional<RunnerUp> runnerUp,
        boolean proven)
        implements Placement {

    public Plan {
        stages = List.copyOf(stages);
    }

    /** Returns this plan with the plan it won against. */
    Plan against(RunnerUp other) {
        return new Plan(variant, stages, secondsPerToken, linkSeconds, Optional.of(other), proven);
    }

    /** Returns this plan without a runner-up. */
    Plan alone() {
        return new Plan(variant, stages, secondsPerToken, linkSeconds, Optional.empty(), proven);
    }

    /** Returns whether one node runs the whole model. */
    public boolean whole() {
        return stages.size() == 1;
    }
}
