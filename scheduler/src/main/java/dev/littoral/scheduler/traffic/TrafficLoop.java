package dev.littoral.scheduler.traffic;

import dev.littoral.protocol.events.SchedulerTelemetry;
import dev.littoral.protocol.events.SchedulerTelemetry.Traffic;
import dev.littoral.scheduler.directory.Deployment;
import dev.littoral.scheduler.directory.DeploymentDirectory;
import dev.littoral.scheduler.rounds.Rounds;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Tells the other schedulers of this one's traffic and, if this is the one that writes, writes the sum of all. Each goes
 * round by itself: a write to an API server that is away lasts longer than others wait before they take this one for dead.
 */
public final class TrafficLoop implements AutoCloseable {

    private static final double NOTICEABLE_SHARE = 0.05;
    private static final double NOTICEABLE_TOKENS_PER_SECOND = 0.1;

    private final String scheduler;
    private final DeploymentDirectory directory;
    private final Supplier<Map<String, Traffic>> own;
    private final TrafficBoard board;
    private final TrafficReports reports;
    private final TrafficSink sink;
    private final Clock clock;
    private final Map<String, Traffic> written = new HashMap<>();
    private final Rounds telling;
    private final Rounds writing;

    /**
     * Puts the parts together.
     *
     * @param scheduler a name that no other scheduler has
     * @param own this scheduler's traffic by deployment
     */
    public TrafficLoop(
            String scheduler,
            DeploymentDirectory directory,
            Supplier<Map<String, Traffic>> own,
            TrafficBoard board,
            TrafficReports reports,
            TrafficSink sink,
            Clock clock,
            Duration interval) {
        this.scheduler = scheduler;
        this.directory = directory;
        this.own = own;
        this.board = board;
        this.reports = reports;
        this.sink = sink;
        this.clock = clock;
        this.telling = new Rounds("traffic", interval, this::tell);
        this.writing = new Rounds("traffic-status", interval, this::write);
    }

    /** Starts to go round, on two threads of its own. */
    public void start() {
        telling.start();
        writing.start();
    }

    void tell() {
        SchedulerTelemetry telemetry = new SchedulerTelemetry(scheduler, clock.instant(), own.get());
        board.own(telemetry);
        reports.send(telemetry);
    }

    /** Called by one thread. */
    void write() {
        if (!board.writes(scheduler)) {
            written.clear();
            return;
        }
        Map<String, Traffic> total = board.total();
        List<Deployment> deployments = directory.all();
        written.keySet().retainAll(deployments.stream().map(Deployment::key).toList());
        for (Deployment deployment : deployments) {
            Traffic now = total.getOrDefault(deployment.key(), new Traffic(0, 0));
            boolean seen = Optional.ofNullable(written.get(deployment.key()))
                    .filter(before -> !noticeable(before, now))
                    .isPresent();
            if (!seen && sink.write(deployment, now)) {
                written.put(deployment.key(), now);
            }
        }
    }

    private static boolean noticeable(Traffic before, Traffic now) {
        double change = Math.abs(now.tokensPerSecond() - before.tokensPerSecond());
        double least = now.tokensPerSecond() == 0
                ? 0
                : Math.max(NOTICEABLE_TOKENS_PER_SECOND, NOTICEABLE_SHARE * before.tokensPerSecond());
        return before.waiting() != now.waiting() || change > least;
    }

    @Override
    public void close() {
        telling.close();
        writing.close();
    }
}
