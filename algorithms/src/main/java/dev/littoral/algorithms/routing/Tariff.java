package dev.littoral.algorithms.routing;

/**
 * What an agent's time costs beside time.
 *
 * @param wattsAboveIdle drawn while it works, beyond what it draws at rest
 * @param moneyPerSecond of work
 * @param lowBit whether its variant of the model has fewer bits than the promise of accuracy counts as full
 * @param surcharge seconds of delay that a second of its work costs by promises of its own, as of its pool; 0 or more
 */
public record Tariff(double wattsAboveIdle, double moneyPerSecond, boolean lowBit, double surcharge) {

    /** Costs nothing. */
    public static final Tariff FREE = new Tariff(0, 0, false);

    /** States what is paid by the deployment's promises alone. */
    public Tariff(double wattsAboveIdle, double moneyPerSecond, boolean lowBit) {
        this(wattsAboveIdle, moneyPerSecond, lowBit, 0);
    }
}
