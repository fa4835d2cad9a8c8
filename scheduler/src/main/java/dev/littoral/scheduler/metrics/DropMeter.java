package dev.littoral.scheduler.metrics;

import dev.littoral.scheduler.request.DropReason;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Consumer;

/** Counts sound requests that were dropped, by why. */
public final class DropMeter implements Consumer<DropReason> {

    private final MeterRegistry meters;

    /** Counts in this registry. */
    public DropMeter(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public void accept(DropReason reason) {
        meters.counter("littoral.scheduler.dropped", "reason", reason.name()).increment();
    }
}
