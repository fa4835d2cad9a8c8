package dev.littoral.algorithms.routing;

import java.util.ArrayList;
import java.util.List;

/**
 * Sends every request to an agent's own queue as soon as it comes.
 *
 * @param watch is told why requests went where they went
 */
public record SendAtOnce(AgentChoice choice, RouteWatch watch) implements DispatchRule {

    /** Tells nobody why. */
    public SendAtOnce(AgentChoice choice) {
        this(choice, RouteWatch.NONE);
    }

    @Override
    public List<Verdict> decide(double nowSeconds, List<WaitingRequest> waiting, List<AgentSnapshot> agents) {
        List<AgentSnapshot> current = new ArrayList<>(agents);
        List<Verdict> verdicts = new ArrayList<>(waiting.size());
        for (WaitingRequest request : waiting) {
            int chosen = choice.choose(nowSeconds, request, current);
            AgentSnapshot agent = current.get(chosen);
            if (watch.wants()) {
                watch.routed(
                        request,
                        agent.agent(),
                        choice.compares(),
                        current.stream()
                                .map(each -> choice.terms(nowSeconds, request, each))
                                .toList());
            }
            verdicts.add(new Verdict.Queue(agent.agent(), DelayModel.behindAll(agent, request)));
            current.set(chosen, withOneMore(agent, request));
        }
        return verdicts;
    }

    private static AgentSnapshot withOneMore(AgentSnapshot agent, WaitingRequest request) {
        List<WaitingRequest> queue = new ArrayList<>(agent.queue());
        queue.add(request);
        return agent.queueing(queue);
    }
}
