package dev.littoral.scheduler.length;

import dev.littoral.algorithms.length.LengthForecast;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.BooleanSupplier;

/** Measures how well lengths are predicted. */
final class LengthMeters {

    private final MeterRegistry meters;

    /** Measures there; {@code reads} is asked whenever the gauge is looked at. */
    LengthMeters(MeterRegistry meters, BooleanSupplier reads) {
        this.meters = meters;
        Gauge.builder("littoral.scheduler.length.encoder", () -> reads.getAsBoolean() ? 1 : 0)
                .register(meters);
    }

    void forecast(LengthForecast forecast) {
        meters.counter(
                        "littoral.scheduler.length.forecasts",
                        "source",
                        forecast.source().name())
                .increment();
    }

    void compared(LengthForecast forecast, int tokens) {
        DistributionSummary.builder("littoral.scheduler.length.ratio")
                .tag("source", forecast.source().name())
                .serviceLevelObjectives(0.25, 0.5, 0.8, 1, 1.25, 2, 4)
                .register(meters)
                .record(Math.max(1, tokens) / Math.max(1, forecast.medianTokens()));
        meters.counter("littoral.scheduler.length.bounds", "kept", Boolean.toString(tokens <= forecast.upper90Tokens()))
                .increment();
    }

    void drifted(String deployment) {
        meters.counter("littoral.scheduler.length.drifts", "deployment", deployment)
                .increment();
    }

    void unread() {
        meters.counter("littoral.scheduler.length.unread").increment();
    }

    void dropped(int answers) {
        meters.counter("littoral.scheduler.length.unlearned").increment(answers);
    }
}
