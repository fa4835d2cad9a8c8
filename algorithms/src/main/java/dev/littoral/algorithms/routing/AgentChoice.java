package dev.littoral.algorithms.routing;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Chooses the agent of one request that is sent away at once, whether a slot is free or not. */
@FunctionalInterface
public interface AgentChoice {

    /** Gives the index of the agent. */
    int choose(double nowSeconds, WaitingRequest request, List<AgentSnapshot> agents);

    /** Says what it compares. */
    default Compared compares() {
        return Compared.Nothing;
    }

    /** Gives what an agent would cost the request, with what is compared of it; without the prices that are not paid. */
    default RouteTerms terms(double nowSeconds, WaitingRequest request, AgentSnapshot agent) {
        return new SentCost(Prices.NONE, nowSeconds).terms(agent, request, 0);
    }

    /** Takes any agent. */
    static AgentChoice random(SplittableRandom random) {
        return (now, request, agents) -> random.nextInt(agents.size());
    }

    /** Takes the agents in turns, each as often as it has slots. */
    static AgentChoice roundRobin() {
        int[] turn = {-1, 0};
        return (now, request, agents) -> {
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
        LeastOf least = crowd();
        return new AgentChoice() {

            @Override
            public int choose(double nowSeconds, WaitingRequest request, List<AgentSnapshot> agents) {
                int one = random.nextInt(agents.size());
                int other = random.nextInt(agents.size());
                return least.compared(nowSeconds, request, agents.get(other))
                                < least.compared(nowSeconds, request, agents.get(one))
                        ? other
                        : one;
            }

            @Override
            public Compared compares() {
                return least.compares();
            }

            @Override
            public RouteTerms terms(double nowSeconds, WaitingRequest request, AgentSnapshot agent) {
                return least.terms(nowSeconds, request, agent);
            }
        };
    }

    /** Takes the agent with the fewest requests per slot. */
    static AgentChoice shortestQueue() {
        return crowd();
    }

    /** Takes the agent with the fewest seconds of work. */
    static AgentChoice leastWork() {
        return leastWork(() -> Prices.NONE);
    }

    /** Takes the agent with the fewest seconds of work and of what promises make dear. */
    static AgentChoice leastWork(Supplier<Prices> prices) {
        return new LeastOf(Compared.Work, prices, (request, agent) -> agent.backlogSeconds());
    }

    /** Takes the agent on which the request is expected to end first. */
    static AgentChoice shortestExpectedDelay() {
        return shortestExpectedDelay(() -> Prices.NONE);
    }

    /** Takes the agent on which the delay and what promises make dear are least. */
    static AgentChoice shortestExpectedDelay(Supplier<Prices> prices) {
        return new LeastOf(Compared.Cost, prices, (request, agent) -> DelayModel.behindAll(agent, request));
    }

    private static LeastOf crowd() {
        return new LeastOf(
                Compared.RequestsPerSlot,
                () -> Prices.NONE,
                (request, agent) ->
                        (double) (agent.running().size() + agent.queue().size()) / agent.slots());
    }
}
