package dev.littoral.algorithms.routing;

import java.util.Arrays;
import java.util.List;

/**
 * By how much the promises of a deployment and of pools cut the chance of a request on each agent: to half where the agent is
 * dearer than the cheapest one by all that an answer in time is worth. Ours.
 */
final class Dearness {

    private final double[] shares;

    private Dearness(double[] shares) {
        this.shares = shares;
    }

    /**
     * Compares agents.
     *
     * @param aloneSeconds that the answer takes at least
     */
    static Dearness of(List<PlannedAgent> agents, WaitingRequest request, Prices prices, double aloneSeconds) {
        double[] seconds = new double[agents.size()];
        boolean free = prices.equals(Prices.NONE)
                && agents.stream().allMatch(each -> each.now.tariff().surcharge() == 0);
        for (int j = 0; j < seconds.length && !free; j++) {
            PlannedAgent agent = agents.get(j);
            seconds[j] = agent.price(request, agent.waitSeconds(request), prices);
        }
        double least = Arrays.stream(seconds).min().orElse(0);
        double worth = Math.max(aloneSeconds, prices.secondsPerMiss());
        return new Dearness(Arrays.stream(seconds)
                .map(each -> each > least ? worth / (worth + each - least) : 1)
                .toArray());
    }

    /** Gives what is left of a chance; a loss stays whole. */
    double cut(int agent, double chance) {
        return chance > 0 ? chance * shares[agent] : chance;
    }
}
