package dev.littoral.algorithms.routing;

/**
 * What it costs to send a request to an agent's own queue: the delay behind all that the agent has, and what promises make
 * dear, as in {@link RouteCost}.
 */
record SentCost(Prices prices, double nowSeconds) {

    /** Gives what promises make of it, in seconds. */
    double price(AgentSnapshot agent, WaitingRequest request) {
        Tariff tariff = agent.tariff();
        if (prices.equals(Prices.NONE) && tariff.surcharge() == 0) {
            return 0;
        }
        double wait = DelayModel.waitBehindAll(agent);
        return new PlannedAgent(agent).price(request, wait, prices) + miss(agent, request, wait);
    }

    /** Gives all of it, term by term, with what a rule compares. */
    RouteTerms terms(AgentSnapshot agent, WaitingRequest request, double compared) {
        double wait = DelayModel.waitBehindAll(agent);
        double all = DelayModel.behindAll(agent, request);
        PlannedAgent planned = new PlannedAgent(agent);
        double work = planned.workSeconds(request, wait);
        Tariff tariff = agent.tariff();
        return new RouteTerms(
                agent.agent(),
                DelayModel.hasRoom(agent),
                wait,
                all - wait,
                0,
                0,
                work * prices.secondsPerJoule() * tariff.wattsAboveIdle(),
                work * prices.secondsPerMoney() * tariff.moneyPerSecond(),
                tariff.lowBit()
                        ? prices.secondsPerLowBitToken() * request.answer().meanTokens()
                        : 0,
                work * tariff.surcharge(),
                miss(agent, request, wait),
                request.promptTokens() - agent.unheldTokens(request),
                compared);
    }

    private double miss(AgentSnapshot agent, WaitingRequest request, double wait) {
        double left = request.deadlineSeconds() - nowSeconds - wait;
        if (prices.secondsPerMiss() == 0 || left == Double.POSITIVE_INFINITY) {
            return 0;
        }
        PlannedAgent planned = new PlannedAgent(agent);
        return prices.secondsPerMiss() * (1 - planned.chance(request, left, planned.beside(request, wait)));
    }
}
