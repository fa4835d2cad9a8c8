package dev.littoral.bench.simulation;

import dev.littoral.algorithms.offloading.Promises;
import dev.littoral.algorithms.routing.Prices;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a deployment may promise per answer token, and the fixed prices at which the rule is tried. */
enum Promised {
    /** Joules above idle. */
    ENERGY("V, seconds per joule", 1),
    /** Money; by the device's price per hour, a second of work costs from 1 to 200 s where an hour costs 1. */
    MONEY("seconds per unit of money", 720_000),
    /** Share of tokens from variants with few bits. */
    LOW_BIT("seconds per token", 1);

    private static final double[] SWEEP = {0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1};

    private final String unit;
    private final double dearest;

    Promised(String unit, double dearest) {
        this.unit = unit;
        this.dearest = dearest;
    }

    String unit() {
        return unit;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Gives the prices tried, from none to the dearest. */
    List<Double> sweep() {
        return Arrays.stream(SWEEP).mapToObj(step -> step * dearest).toList();
    }

    Prices at(double price) {
        return switch (this) {
            case ENERGY -> new Prices(price, 0, 0);
            case MONEY -> new Prices(0, price, 0);
            case LOW_BIT -> new Prices(0, 0, price);
        };
    }

    /** Prices everything at once, at the given step of the sweep. */
    static Prices all(int step) {
        return new Prices(
                ENERGY.sweep().get(step),
                MONEY.sweep().get(step),
                LOW_BIT.sweep().get(step));
    }

    static int steps() {
        return SWEEP.length;
    }

    /** Gives what a run used per answer token. */
    double perToken(Figures figures) {
        return switch (this) {
            case ENERGY -> figures.joules() / figures.tokens();
            case MONEY -> figures.money() / figures.tokens();
            case LOW_BIT -> figures.lowBitShare();
        };
    }

    /** Gives budgets per answer token; what the map lacks is not promised. */
    static Promises.Budgets budgets(Map<Promised, Double> perToken) {
        return new Promises.Budgets(
                perToken.getOrDefault(ENERGY, Double.POSITIVE_INFINITY),
                perToken.getOrDefault(MONEY, Double.POSITIVE_INFINITY),
                perToken.getOrDefault(LOW_BIT, Double.POSITIVE_INFINITY));
    }
}
