package dev.littoral.agent.telemetry;

import dev.littoral.protocol.events.AgentTelemetry;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Reports again and again, on a thread of its own. */
public final class TelemetryLoop implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(TelemetryLoop.class);

    private final TelemetrySink sink;
    private final Supplier<AgentTelemetry> report;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("telemetry").daemon().factory());

    /** Makes one that asks {@code report} anew each time. */
    public TelemetryLoop(TelemetrySink sink, Supplier<AgentTelemetry> report) {
        this.sink = sink;
        this.report = report;
    }

    /** Begins to report. */
    public void start(Duration period) {
        var _ = thread.scheduleWithFixedDelay(this::once, 0, period.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void once() {
        try {
            sink.offer(report.get());
        } catch (RuntimeException e) {
            // an exception that left here would end the loop for good
            LOG.warn("a telemetry report could not be made", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        sink.close();
    }
}
