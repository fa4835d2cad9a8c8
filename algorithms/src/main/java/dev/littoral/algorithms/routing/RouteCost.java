package dev.littoral.algorithms.routing;

/** What a route costs, in seconds, at one decision: see {@link HoldInOrder}. */
final class RouteCost {

    private final HoldInOrder.Weights weights;
    private final Prices prices;
    private final double[] dear;

    /** Takes each agent's price of congestion: how many wait for it, weighed. */
    RouteCost(HoldInOrder.Weights weights, Prices prices, double[] dear) {
        this.weights = weights;
        this.prices = prices;
        this.dear = dear;
    }

    double of(PlannedAgent agent, int index, WaitingRequest request) {
        double wait = agent.waitSeconds(request);
        double cost = wait + agent.serviceSeconds(request, wait);
        if (weights.others() > 0) {
            cost += weights.others() * agent.takenFromOthers(request, wait);
        }
        if (dear[index] > 0) {
            ServiceTimes times = agent.now.times();
            cost += dear[index]
                    * times.share(request.promptTokens(), request.answer().meanTokens(), agent.now.slots());
        }
        return cost + agent.price(request, wait, prices);
    }
}
