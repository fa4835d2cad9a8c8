package dev.littoral.algorithms.placement;

/**
 * The plan that came second.
 *
 * @param plan the plan, without a runner-up of its own
 * @param defeat why it lost
 */
public record RunnerUp(Plan plan, Defeat defeat) {

    /** Why a feasible plan was not chosen. */
    public enum Defeat {
        /** It predicts more seconds per token. */
        Slower,
        /** It splits a model that one node holds; a split needs a measurement to be preferred. */
        SplitsWithoutNeed,
        /** It uses a variant that stands later in the list of preference. */
        LessPreferredVariant
    }
}
