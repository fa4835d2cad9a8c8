package dev.littoral.algorithms.routing;

/**
 * What one agent would have cost a request, term by term, in seconds of delay, and what the rule compared.
 *
 * @param agent its name
 * @param free whether the request could have started there at once
 * @param waitSeconds until it could start
 * @param serviceSeconds from its start to its last token
 * @param othersSeconds what it takes from the answers beside it, weighed
 * @param congestionSeconds what it takes from those that wait for the agent, weighed
 * @param energySeconds price of its energy by the deployment's promise
 * @param moneySeconds price of its money
 * @param lowBitSeconds price of tokens with few bits
 * @param poolSeconds price by the promise of the agent's pool
 * @param missSeconds price of the chance that it misses its deadline
 * @param heldTokens tokens of its prompt that need not be read there; already left out of the other terms
 * @param compared what the rule took the least, or the most, of, as {@link Compared} says; of a rule that weighs costs the
 *     sum
 */
public record RouteTerms(
        String agent,
        boolean free,
        double waitSeconds,
        double serviceSeconds,
        double othersSeconds,
        double congestionSeconds,
        double energySeconds,
        double moneySeconds,
        double lowBitSeconds,
        double poolSeconds,
        double missSeconds,
        double heldTokens,
        double compared) {

    /** States the terms for a rule that takes the least sum. */
    public RouteTerms(
            String agent,
            boolean free,
            double waitSeconds,
            double serviceSeconds,
            double othersSeconds,
            double congestionSeconds,
            double energySeconds,
            double moneySeconds,
            double lowBitSeconds,
            double poolSeconds,
            double missSeconds,
            double heldTokens) {
        this(
                agent,
                free,
                waitSeconds,
                serviceSeconds,
                othersSeconds,
                congestionSeconds,
                energySeconds,
                moneySeconds,
                lowBitSeconds,
                poolSeconds,
                missSeconds,
                heldTokens,
                waitSeconds
                        + serviceSeconds
                        + othersSeconds
                        + congestionSeconds
                        + energySeconds
                        + moneySeconds
                        + lowBitSeconds
                        + poolSeconds
                        + missSeconds);
    }

    /** Gives the same terms of a rule that compares something else. */
    RouteTerms comparing(double other) {
        return new RouteTerms(
                agent,
                free,
                waitSeconds,
                serviceSeconds,
                othersSeconds,
                congestionSeconds,
                energySeconds,
                moneySeconds,
                lowBitSeconds,
                poolSeconds,
                missSeconds,
                heldTokens,
                other);
    }

    /** Gives the sum. */
    public double totalSeconds() {
        return waitSeconds
                + serviceSeconds
                + othersSeconds
                + congestionSeconds
                + energySeconds
                + moneySeconds
                + lowBitSeconds
                + poolSeconds
                + missSeconds;
    }
}
