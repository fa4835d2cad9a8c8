package dev.littoral.bench.simulation;

import java.util.Arrays;
import java.util.Locale;

/** How a fleet's slowness stretches deadlines: a mean request alone, against one GPU (5000 prompt, 40 answer tokens/s). */
enum Slowness {
    /** On the fleet's fastest device: a promise does not grow longer because slow devices are added. */
    FASTEST,
    /** Mean over its devices, weighted by their capacity. */
    MEAN;

    private static final double PREFILL = 5000;
    private static final double DECODE = 40;

    static Slowness named(String name) {
        return Arrays.stream(values())
                .filter(each -> each.name().equals(name.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--slowness is fastest or mean, not " + name));
    }

    double of(FleetPlan fleet, double prompt, double answer) {
        double reference = prompt / PREFILL + answer / DECODE;
        return switch (this) {
            case FASTEST ->
                fleet.kinds().stream()
                                .mapToDouble(kind -> kind.aloneSeconds(prompt, answer))
                                .min()
                                .orElseThrow()
                        / reference;
            case MEAN ->
                fleet.kinds().stream()
                                .mapToDouble(kind -> kind.count()
                                        * kind.capacity(prompt, answer)
                                        * kind.aloneSeconds(prompt, answer))
                                .sum()
                        / fleet.capacity(prompt, answer)
                        / reference;
        };
    }
}
