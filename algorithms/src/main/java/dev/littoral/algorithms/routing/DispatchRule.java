package dev.littoral.algorithms.routing;

import java.util.List;

/** Decides about all requests that wait, on a snapshot of all agents that could serve them. */
public interface DispatchRule {

    /**
     * Gives one verdict for each waiting request, in the same order. Not for several threads at once.
     *
     * @param nowSeconds on the clock of the requests' times
     * @param agents never empty, with distinct names
     */
    List<Verdict> decide(double nowSeconds, List<WaitingRequest> waiting, List<AgentSnapshot> agents);
}
