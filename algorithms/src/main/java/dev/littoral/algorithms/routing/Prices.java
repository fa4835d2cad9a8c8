package dev.littoral.algorithms.routing;

/**
 * What the promises of a deployment make dear, in seconds of delay: {@code (V penalty + Z) / } per unit.
 *
 * @param secondsPerJoule V of energy and its virtual queue
 * @param secondsPerMoney of money
 * @param secondsPerLowBitToken of an answer token from a variant with few bits
 * @param secondsPerMiss of an answer that misses its deadline
 */
public record Prices(
        double secondsPerJoule, double secondsPerMoney, double secondsPerLowBitToken, double secondsPerMiss) {

    /** Looks at nothing but delay. */
    public static final Prices NONE = new Prices(0, 0, 0);

    /** Rejects prices below 0. */
    public Prices {
        if (!(secondsPerJoule >= 0)
                || !(secondsPerMoney >= 0)
                || !(secondsPerLowBitToken >= 0)
                || !(secondsPerMiss >= 0)) {
            throw new IllegalArgumentException("prices must not be negative: " + secondsPerJoule + ", "
                    + secondsPerMoney + ", " + secondsPerLowBitToken + ", " + secondsPerMiss);
        }
    }

    /** Makes no price of missed deadlines. */
    public Prices(double secondsPerJoule, double secondsPerMoney, double secondsPerLowBitToken) {
        this(secondsPerJoule, secondsPerMoney, secondsPerLowBitToken, 0);
    }
}
