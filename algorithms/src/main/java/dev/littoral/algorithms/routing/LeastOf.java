package dev.littoral.algorithms.routing;

import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleBiFunction;

/**
 * Takes the agent of which a measure is least; the first of equal ones.
 *
 * @param prices added to the measure, where that is in seconds; {@link Prices#NONE} else
 */
record LeastOf(Compared compares, Supplier<Prices> prices, ToDoubleBiFunction<WaitingRequest, AgentSnapshot> measure)
        implements AgentChoice {

    @Override
    public int choose(double nowSeconds, WaitingRequest request, List<AgentSnapshot> agents) {
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int j = 0; j < agents.size(); j++) {
            double value = compared(nowSeconds, request, agents.get(j));
            if (value < least) {
                least = value;
                best = j;
            }
        }
        return best;
    }

    double compared(double nowSeconds, WaitingRequest request, AgentSnapshot agent) {
        double measured = measure.applyAsDouble(request, agent);
        return inSeconds() ? measured + new SentCost(prices.get(), nowSeconds).price(agent, request) : measured;
    }

    @Override
    public RouteTerms terms(double nowSeconds, WaitingRequest request, AgentSnapshot agent) {
        return new SentCost(prices.get(), nowSeconds).terms(agent, request, compared(nowSeconds, request, agent));
    }

    private boolean inSeconds() {
        return switch (compares) {
            case Cost, Work -> true;
            case Chance, RequestsPerSlot, Nothing -> false;
        };
    }
}
