package dev.littoral.algorithms.routing;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/** Chooses the agent of one request that is sent away at once, whether a slot is free or not. */
@FunctionalInterface
public interface AgentChoice {

    /** Gives the index of the agent. */
    int choose(WaitingRequest request, List<AgentSnapshot> agents);

    /** Takes any agent. */
    static AgentChoice random(SplittableRandom random) {
        return (request, agents) -> random.nextInt(agents.size());
    }

    /** Takes the agents in turns, each as often as it has slots. */
    static AgentChoice roundRobin() {
        int[] turn = {-1, 0};
        return (request, agents) -> {
            if (turn[0] < 0
                    || turn[0] >= agents.size()
                    || turn[1] >= agents.get(turn[0]).slots()) {
                turn[0] = (turn[0] + 1) % agents.size();
                turn[1] = 0;
            }
            turn[1]++;
            return turn[0];
        };
    }

    /** Looks at two agents and takes the one with fewer requests per slot (Mitzenmacher, 2001). */
    static AgentChoice powerOfTwo(SplittableRandom random) {
        return (request, agents) -> {
            int one = random.nextInt(agents.size());
            int other = random.nextInt(agents.size());
            return crowd(agents.get(other)) < crowd(agents.get(one)) ? other : one;
        };
    }

    /** Takes the agent with the fewest requests per slot. */
    static AgentChoice shortestQueue() {
        return least((request, agent) -> crowd(agent));
    }

    /** Takes the agent with the fewest seconds of work. */
    static AgentChoice leastWork() {
        return least((request, agent) -> agent.backlogSeconds());
    }

    /** Takes the agent on which the request is expected to end first. */
    static AgentChoice shortestExpectedDelay() {
        return least((request, agent) -> DelayModel.behindAll(
                agent, request.promptTokens(), request.answer().meanTokens()));
    }

    private static AgentChoice least(java.util.function.ToDoubleBiFunction<WaitingRequest, AgentSnapshot> measure) {
        return (request, agents) -> argmin(agents, agent -> measure.applyAsDouble(request, agent));
    }

    private static int argmin(List<AgentSnapshot> agents, ToDoubleFunction<AgentSnapshot> measure) {
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int j = 0; j < agents.size(); j++) {
            double value = measure.applyAsDouble(agents.get(j));
            if (value < least) {
                least = value;
                best = j;
            }
        }
        return best;
    }

    private static double crowd(AgentSnapshot agent) {
        return (double) (agent.running().size() + agent.queue().size()) / agent.slots();
    }
}
