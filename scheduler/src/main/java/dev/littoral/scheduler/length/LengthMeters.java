package dev.littoral.scheduler.length;

import dev.littoral.algorithms.length.LengthForecast;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicBoolean;

/** Measures how well lengths are predicted. */
final class LengthMeters {

    private final MeterRegistry meters;
    private final AtomicBoolean reading;

    LengthMeters(MeterRegistry meters, boolean reads) {
        this.meters = meters;
        reading = new AtomicBoolean(reads);
        meters.gauge("littoral.scheduler.length.encoder", reading, value -> value.get() ? 1 : 0);
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

    void dropped(int answers) {
        meters.counter("littoral.scheduler.length.unlearned").increment(answers);
    }
}
