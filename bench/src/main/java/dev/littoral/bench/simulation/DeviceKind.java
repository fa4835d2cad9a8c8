package dev.littoral.bench.simulation;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.littoral.algorithms.routing.ServiceTimes;
import dev.littoral.algorithms.routing.Tariff;

/**
 * Devices of a fleet that are alike.
 *
 * @param slope by how much of the time of one token alone each further sequence lengthens it
 * @param slots sequences at once; 1 for a serial device
 * @param kvTokens room of its KV cache
 * @param moneyPerHour of work
 * @param bits of its variant's weights
 */
record DeviceKind(
        @JsonProperty(required = true) String name,
        @JsonProperty(required = true) int count,
        @JsonProperty(required = true) double prefillTokensPerSecond,
        @JsonProperty(required = true) double decodeTokensPerSecond,
        @JsonProperty(required = true) double slope,
        @JsonProperty(required = true) int slots,
        @JsonProperty(required = true) double kvTokens,
        @JsonProperty(required = true) double idleWatts,
        @JsonProperty(required = true) double busyWatts,
        @JsonProperty(required = true) double moneyPerHour,
        @JsonProperty(required = true) int bits) {

    DeviceKind {
        want(count >= 0, "count must be 0 or more", count);
        want(positive(prefillTokensPerSecond), "prefillTokensPerSecond must be above 0", prefillTokensPerSecond);
        want(positive(decodeTokensPerSecond), "decodeTokensPerSecond must be above 0", decodeTokensPerSecond);
        want(notNegative(slope), "slope must be 0 or more", slope);
        want(slots >= 1, "slots must be 1 or more", slots);
        want(positive(kvTokens) && kvTokens >= 1, "kvTokens must be 1 or more", kvTokens);
        want(notNegative(idleWatts), "idleWatts must be 0 or more", idleWatts);
        want(notNegative(busyWatts) && busyWatts >= idleWatts, "busyWatts must not be below idleWatts", busyWatts);
        want(notNegative(moneyPerHour), "moneyPerHour must be 0 or more", moneyPerHour);
        want(bits >= 1, "bits must be 1 or more", bits);
    }

    private static boolean positive(double value) {
        return value > 0 && value < Double.POSITIVE_INFINITY;
    }

    private static boolean notNegative(double value) {
        return value >= 0 && value < Double.POSITIVE_INFINITY;
    }

    private static void want(boolean met, String what, double value) {
        if (!met) {
            throw new IllegalArgumentException(what + ": " + value);
        }
    }

    ServiceTimes times() {
        return new ServiceTimes(1 / prefillTokensPerSecond, 1 / decodeTokensPerSecond, slope);
    }

    Tariff tariff() {
        return new Tariff(busyWatts - idleWatts, moneyPerHour / 3600, bits < 8);
    }

    /** Gives the requests of a mean size that one such device can end per second. */
    double capacity(double prompt, double answer) {
        int together = (int) Math.clamp(kvTokens / (prompt + answer), 1, slots);
        return 1 / times().share(prompt, answer, together);
    }

    double aloneSeconds(double prompt, double answer) {
        return prompt / prefillTokensPerSecond + answer / decodeTokensPerSecond;
    }
}
