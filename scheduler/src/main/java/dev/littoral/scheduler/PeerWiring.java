package dev.littoral.scheduler;

import dev.littoral.scheduler.directory.DeploymentDirectory;
import dev.littoral.scheduler.fleet.SlotQueue;
import dev.littoral.scheduler.peers.PeerSettings;
import dev.littoral.scheduler.peers.WaitingBoard;
import dev.littoral.scheduler.peers.WaitingLoop;
import dev.littoral.scheduler.peers.WaitingReports;
import dev.littoral.scheduler.request.SteadyClock;
import dev.littoral.scheduler.traffic.TrafficBoard;
import dev.littoral.scheduler.traffic.TrafficLoop;
import dev.littoral.scheduler.traffic.TrafficMeter;
import dev.littoral.scheduler.traffic.TrafficReports;
import dev.littoral.scheduler.traffic.TrafficSettings;
import dev.littoral.scheduler.traffic.TrafficSink;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.function.DoubleSupplier;

/** Chooses the implementations of what schedulers tell each other. */
final class PeerWiring {

    /** Reports that a scheduler may miss before the others count it out. */
    private static final int REPORTS_MISSED = 3;

    @Produces
    @Singleton
    SchedulerName self() {
        return new SchedulerName(UUID.randomUUID().toString());
    }

    @Produces
    @Singleton
    TrafficMeter meter(TrafficSettings settings) {
        return new TrafficMeter(System::nanoTime, settings.window());
    }

    @Produces
    @Singleton
    TrafficBoard board(TrafficSettings settings) {
        return new TrafficBoard(System::nanoTime, settings.interval().multipliedBy(REPORTS_MISSED));
    }

    @Produces
    @Singleton
    @Startup
    TrafficLoop traffic(
            SchedulerName self,
            DeploymentDirectory directory,
            TrafficMeter meter,
            SlotQueue queue,
            TrafficBoard board,
            TrafficReports reports,
            TrafficSink sink,
            Clock clock,
            TrafficSettings settings) {
        TrafficLoop loop = new TrafficLoop(
                self.name(),
                directory,
                () -> meter.read(directory.all(), queue.waitingByDeployment()),
                board,
                reports,
                sink,
                clock,
                settings.interval());
        loop.start();
        return loop;
    }

    /** Stops before the clients that they use are closed. */
    void stop(@Observes ShutdownEvent event, TrafficLoop loop, WaitingLoop waiting) {
        loop.close();
        waiting.close();
    }

    @Produces
    @Singleton
    WaitingBoard elsewhere(SchedulerName self, SteadyClock clock, PeerSettings settings, MeterRegistry meters) {
        WaitingBoard board = new WaitingBoard(self.name(), seconds(clock), settings.maxAge());
        meters.gauge("littoral.scheduler.elsewhere.waiting", board, WaitingBoard::waiting);
        return board;
    }

    @Produces
    @Singleton
    @Startup
    WaitingLoop waiting(
            SchedulerName self,
            SlotQueue queue,
            TrafficBoard board,
            WaitingReports reports,
            SteadyClock clock,
            PeerSettings settings) {
        WaitingLoop loop = new WaitingLoop(
                self.name(), queue::held, seconds(clock), () -> board.others(self.name()), reports, settings);
        loop.start();
        return loop;
    }

    private static DoubleSupplier seconds(Clock clock) {
        return () -> {
            Instant now = clock.instant();
            return now.getEpochSecond() + now.getNano() / 1e9;
        };
    }
}
