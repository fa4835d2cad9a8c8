package dev.littoral.scheduler;

import dev.littoral.algorithms.offloading.Iodcc;
import java.time.Duration;

/**
 * How slots are cut and solved.
 *
 * @param length least time between two decisions about a deployment
 * @param iodcc solves a slot as one program
 */
record SlotPolicy(Duration length, Iodcc iodcc) {

    private static final Duration LONGEST = Duration.ofSeconds(1);
    private static final int MOST_ROUNDS = 1000;

    /** Takes the settings, and refuses by name one that is out of its bounds. */
    static SlotPolicy of(SchedulerSettings settings) {
        Duration slot = settings.slot();
        if (slot.isNegative() || slot.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("littoral.scheduler.slot must be 0 to 1s: " + slot);
        }
        double damping = settings.iodccDamping();
        if (!(damping > 0 && damping <= 1)) {
            throw new IllegalArgumentException(
                    "littoral.scheduler.iodcc-damping must lie above 0 and not above 1: " + damping);
        }
        int rounds = settings.iodccRounds();
        if (rounds < 1 || rounds > MOST_ROUNDS) {
            throw new IllegalArgumentException(
                    "littoral.scheduler.iodcc-rounds must be 1 to " + MOST_ROUNDS + ": " + rounds);
        }
        Iodcc standard = Iodcc.standard();
        return new SlotPolicy(
                slot, new Iodcc(rounds, damping, standard.priceStep(), standard.tolerance(), standard.evaluations()));
    }
}
