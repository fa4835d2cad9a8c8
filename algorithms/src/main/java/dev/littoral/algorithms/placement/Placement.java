package dev.littoral.algorithms.placement;

/** The answer to a {@link PlacementProblem}. */
public sealed interface Placement permits Plan, Infeasible {}
