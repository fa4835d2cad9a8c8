package dev.littoral.scheduler.rig;

import dev.littoral.scheduler.promises.PromiseSettings;
import java.time.Duration;

/** Settings of promises whose debts are easy to reckon with. */
public record UsualPromises(String v) implements PromiseSettings {

    /** Weighs energy by its promises alone. */
    public UsualPromises() {
        this("auto");
    }

    @Override
    public double patienceTokens() {
        return 1000;
    }

    @Override
    public Duration poolPatience() {
        return Duration.ofMinutes(1);
    }

    @Override
    public int fullBits() {
        return 8;
    }

    @Override
    public Duration interval() {
        return Duration.ofSeconds(1);
    }
}
