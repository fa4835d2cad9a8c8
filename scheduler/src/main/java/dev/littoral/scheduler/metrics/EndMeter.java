package dev.littoral.scheduler.metrics;

import dev.littoral.protocol.events.ErrorCode;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Times requests from arrival to end, by how they ended. */
public final class EndMeter {

    private final MeterRegistry meters;
    private final Map<String, Timer> byCode = new ConcurrentHashMap<>();

    /** Measures in this registry. */
    public EndMeter(MeterRegistry meters) {
        this.meters = meters;
    }

    /** Counts one that was answered. */
    public void answered(Duration took) {
        record("OK", took);
    }

    /** Counts one that was answered with what a request before it was answered. */
    public void replayed(Duration took) {
        record("REPLAYED", took);
    }

    /** Counts one that was refused. */
    public void refused(ErrorCode code, Duration took) {
        record(code.name(), took);
    }

    private void record(String code, Duration took) {
        byCode.computeIfAbsent(code, each -> meters.timer("littoral.scheduler.requests", "code", each))
                .record(took);
    }
}
