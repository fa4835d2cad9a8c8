package dev.littoral.algorithms.routing;

/**
 * What an agent's time costs beside time.
 *
 * @param wattsAboveIdle drawn while it works, beyond what it draws at rest
 * @param moneyPerSecond of work
 * @param lowBit whether its variant of the model has fewer bits than the promise of accuracy counts as full
 */
public record Tariff(double wattsAboveIdle, double moneyPerSecond, boolean lowBit) {

    /** Costs nothing. */
    public static final Tariff FREE = new Tariff(0, 0, false);
}
