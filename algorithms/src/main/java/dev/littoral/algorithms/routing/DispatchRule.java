package dev.littoral.algorithms.routing;

import java.util.List;
import java.util.stream.Stream;

/** Decides about all requests that wait, on a snapshot of all agents that could serve them. */
public interface DispatchRule {

    /**
     * Gives one verdict for each waiting request, in the same order. Not for several threads at once.
     *
     * @param nowSeconds on the clock of the requests' times
     * @param agents never empty, with distinct names
     */
    List<Verdict> decide(double nowSeconds, List<WaitingRequest> waiting, List<AgentSnapshot> agents);

    /**
     * Decides beside other schedulers that hold requests for the same agents: leaves room for what goes first there.
     *
     * <p>A rule that sends at once holds nothing, and makes nothing of this. Ours.
     *
     * @param own what waits here
     * @param elsewhere what other schedulers told of what waits there; its ids are none of those that wait here
     * @return one verdict for each of {@code own}, then one for each of {@code elsewhere}: what room is left for
     */
    default List<Verdict> decide(
            double nowSeconds, List<WaitingRequest> own, List<WaitingRequest> elsewhere, List<AgentSnapshot> agents) {
        List<Verdict> verdicts = decide(nowSeconds, own, agents);
        return elsewhere.isEmpty()
                ? verdicts
                : Stream.concat(verdicts.stream(), elsewhere.stream().map(each -> new Verdict.Hold()))
                        .toList();
    }
}
