package dev.littoral.algorithms.routing;

import java.util.Arrays;
import java.util.List;

/**
 * The program of one slot (Argus, arXiv 2512.22925): who starts where, all at once, or is held for an agent that is busy.
 *
 * <p>Ours: costs are those of {@link RouteCost}, to hold costs what the best busy agent would, and slots and memory are one
 * amount, the larger share of the two.
 */
final class SlotProgram {

    private static final long WHOLE = 1L << 20;

    private final List<PlannedAgent> agents;
    private final double[][] cost;
    private final double[][] work;
    private final long[][] memory;
    private final double[] hold;

    SlotProgram(List<PlannedAgent> agents, int requests) {
        this.agents = agents;
        this.cost = new double[requests][agents.size()];
        this.work = new double[requests][agents.size()];
        this.memory = new long[requests][agents.size()];
        this.hold = new double[requests];
    }

    /** Takes the next request, whose costs on every agent are known, and what holding it costs. */
    void add(int position, WaitingRequest request, RouteCost costs, double held) {
        double most = 0;
        for (int j = 0; j < agents.size(); j++) {
            PlannedAgent agent = agents.get(j);
            cost[position][j] = Double.POSITIVE_INFINITY;
            if (agent.takes(request)) {
                ServiceTimes times = agent.now.times();
                cost[position][j] = costs.of(agent, j, request);
                work[position][j] = Math.sqrt(2
                        * (times.prefill(request.promptTokens())
                                + times.slope()
                                        * times.secondsPerAnswerToken()
                                        * request.answer().meanTokens()));
                memory[position][j] = share(agent.now, request);
                most = Math.max(most, cost[position][j]);
            }
        }
        // where nothing is busy there is nothing to wait for
        hold[position] = held < Double.POSITIVE_INFINITY ? held : 2 * most + 1;
    }

    int[] solve(SlotSolver solver) {
        long[] free = new long[agents.size()];
        Arrays.fill(free, WHOLE);
        return solver.solve(cost, work, memory, free, hold);
    }

    private static long share(AgentSnapshot agent, WaitingRequest request) {
        long slot = WHOLE / Math.max(1, agent.freeSlots());
        double tokens = (request.promptTokens() + request.answer().upperTokens()) / agent.freeTokens();
        return Math.clamp(Math.max(slot, (long) Math.ceil(tokens * WHOLE)), 0, WHOLE);
    }
}
