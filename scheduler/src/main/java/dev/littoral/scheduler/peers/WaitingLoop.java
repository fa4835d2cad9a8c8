package dev.littoral.scheduler.peers;

import dev.littoral.protocol.events.WaitingTelemetry;
import dev.littoral.scheduler.fleet.HeldRequest;
import dev.littoral.scheduler.rounds.Rounds;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * Tells the other schedulers what waits here, again and again while something does, and once that nothing does any more.
 * Where no other scheduler is known nothing is sent.
 */
public final class WaitingLoop implements AutoCloseable {

    private final String scheduler;
    private final Supplier<Map<String, List<HeldRequest>>> waiting;
    private final DoubleSupplier nowSeconds;
    private final BooleanSupplier others;
    private final WaitingReports reports;
    private final PeerSettings settings;
    private boolean told;
    private final Rounds rounds;

    /**
     * Puts the parts together.
     *
     * @param waiting what waits here, by deployment
     * @param nowSeconds the clock of requests
     * @param others whether there are other schedulers
     */
    public WaitingLoop(
            String scheduler,
            Supplier<Map<String, List<HeldRequest>>> waiting,
            DoubleSupplier nowSeconds,
            BooleanSupplier others,
            WaitingReports reports,
            PeerSettings settings) {
        if (settings.mostRequests() < 1 || settings.mostRequests() > WaitingTelemetry.MAX_REQUESTS) {
            throw new IllegalArgumentException("littoral.peers.most-requests must be 1 to "
                    + WaitingTelemetry.MAX_REQUESTS + ": " + settings.mostRequests());
        }
        this.scheduler = scheduler;
        this.waiting = waiting;
        this.nowSeconds = nowSeconds;
        this.others = others;
        this.reports = reports;
        this.settings = settings;
        this.rounds = new Rounds("waiting", settings.interval(), this::once);
    }

    /** Starts to go round, on a thread of its own. */
    public void start() {
        rounds.start();
    }

    void once() {
        if (!others.getAsBoolean()) {
            told = false;
            return;
        }
        Map<String, List<HeldRequest>> now = waiting.get();
        if (now.isEmpty() && !told) {
            return;
        }
        boolean sent =
                reports.send(WaitingRecords.told(scheduler, nowSeconds.getAsDouble(), now, settings.mostRequests()));
        told = !now.isEmpty() || (told && !sent);
    }

    @Override
    public void close() {
        rounds.close();
    }
}
