package dev.littoral.algorithms.routing;

import java.util.List;

/** Chooses an agent for one request on a snapshot of all agents that could serve it. */
@FunctionalInterface
public interface RoutingRule {

    /** Decides; the order of {@code agents} does not matter, their names are distinct. */
    Route route(Work work, List<AgentLoad> agents);
}
