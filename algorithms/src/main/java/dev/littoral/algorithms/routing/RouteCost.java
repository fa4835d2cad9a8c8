package dev.littoral.algorithms.routing;

/** What a route costs, in seconds, at one decision: see {@link HoldInOrder}. */
final class RouteCost {

    private final HoldInOrder.Weights weights;
    private final Prices prices;
    private final double[] dear;
    private final double nowSeconds;

    /** Takes each agent's price of congestion: how many wait for it, weighed. */
    RouteCost(HoldInOrder.Weights weights, Prices prices, double[] dear, double nowSeconds) {
        this.weights = weights;
        this.prices = prices;
        this.dear = dear;
        this.nowSeconds = nowSeconds;
    }

    double of(PlannedAgent agent, int index, WaitingRequest request) {
        double wait = agent.waitSeconds(request);
        double cost = wait + agent.serviceSeconds(request, wait);
        if (weights.others() > 0) {
            cost += weights.others() * agent.takenFromOthers(request, wait);
        }
        if (dear[index] > 0) {
            cost += congestion(agent, index, request);
        }
        if (prices.secondsPerMiss() > 0) {
            cost += miss(agent, request, wait);
        }
        return cost + agent.price(request, wait, prices);
    }

    /** Gives the same cost term by term. */
    RouteTerms terms(PlannedAgent agent, int index, WaitingRequest request) {
        double wait = agent.waitSeconds(request);
        double work = agent.workSeconds(request, wait);
        Tariff tariff = agent.now.tariff();
        return new RouteTerms(
                agent.now.agent(),
                wait == 0,
                wait,
                agent.serviceSeconds(request, wait),
                weights.others() * agent.takenFromOthers(request, wait),
                congestion(agent, index, request),
                work * prices.secondsPerJoule() * tariff.wattsAboveIdle(),
                work * prices.secondsPerMoney() * tariff.moneyPerSecond(),
                tariff.lowBit()
                        ? prices.secondsPerLowBitToken() * request.answer().meanTokens()
                        : 0,
                work * tariff.surcharge(),
                miss(agent, request, wait),
                request.promptTokens() - agent.unheldTokens(request));
    }

    private double congestion(PlannedAgent agent, int index, WaitingRequest request) {
        return dear[index]
                * agent.now
                        .times()
                        .share(agent.unheldTokens(request), request.answer().meanTokens(), agent.now.slots());
    }

    private double miss(PlannedAgent agent, WaitingRequest request, double wait) {
        double left = request.deadlineSeconds() - nowSeconds - wait;
        if (prices.secondsPerMiss() == 0 || left == Double.POSITIVE_INFINITY) {
            return 0;
        }
        return prices.secondsPerMiss() * (1 - agent.chance(request, left, agent.beside(request, wait)));
    }
}
