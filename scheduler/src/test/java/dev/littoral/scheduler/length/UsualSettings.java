package dev.littoral.scheduler.length;

import java.time.Duration;

/** Settings as they are by default, but for the time that a request waits for its prompt to be read. */
record UsualSettings(Duration deadline) implements LengthSettings {

    UsualSettings() {
        this(Duration.ofMillis(20));
    }

    @Override
    public boolean encoder() {
        return true;
    }

    @Override
    public int threads() {
        return 1;
    }

    @Override
    public int maxWaiting() {
        return 32;
    }

    @Override
    public int rememberedPrompts() {
        return 1024;
    }

    @Override
    public int shortAnswerTokens() {
        return 16;
    }

    @Override
    public Duration forgetAfter() {
        return Duration.ofHours(1);
    }
}
