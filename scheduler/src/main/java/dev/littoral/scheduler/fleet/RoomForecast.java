package dev.littoral.scheduler.fleet;

import dev.littoral.algorithms.routing.AgentSnapshot;
import dev.littoral.algorithms.routing.FleetWork;
import dev.littoral.scheduler.directory.DeploymentDirectory;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Tells those who found no room when it makes sense to ask again, by the work of what waits and the speed of the agents.
 * Guarded by the queue's lock.
 *
 * <p>Who is refused since too many wait joins a line of those refused, which shortens as fast as places come free: not all
 * of them come back for the same place.
 */
final class RoomForecast {

    /** Where no agent is known, nothing can be reckoned. */
    static final Duration UNKNOWN = Duration.ofSeconds(5);

    /** Nobody is told to wait longer, so nobody who was refused is expected later. */
    private static final double LONGEST_SECONDS = 120;

    private final DeploymentDirectory directory;
    private final Fleet fleet;
    private final Elsewhere elsewhere;
    private double line;
    private double lineSeconds = Double.NEGATIVE_INFINITY;

    RoomForecast(DeploymentDirectory directory, Fleet fleet, Elsewhere elsewhere) {
        this.directory = directory;
        this.fleet = fleet;
        this.elsewhere = elsewhere;
    }

    /** Returns when there will be a place for one more. */
    Duration place(Collection<Lane> lanes) {
        double now = fleet.nowSeconds();
        double perSecond = lanes.stream().mapToDouble(this::placesPerSecond).sum();
        if (perSecond > 0) {
            line = Math.clamp(line - perSecond * (now - lineSeconds), 0, LONGEST_SECONDS * perSecond) + 1;
            lineSeconds = now;
            return duration(line / perSecond);
        }
        OptionalDouble firstEnd = lanes.stream()
                .flatMap(lane -> agents(lane).stream())
                .mapToDouble(RoomForecast::firstEndSeconds)
                .filter(seconds -> seconds < Double.POSITIVE_INFINITY)
                .min();
        return firstEnd.isPresent() ? duration(firstEnd.getAsDouble()) : UNKNOWN;
    }

    /** Returns when all that waits for a deployment, here and elsewhere, will have got a slot. */
    Duration turn(Lane lane) {
        List<AgentSnapshot> agents = agents(lane);
        if (agents.isEmpty()) {
            return UNKNOWN;
        }
        FleetWork work = FleetWork.of(agents);
        double seconds = agents.stream()
                .mapToDouble(RoomForecast::firstEndSeconds)
                .filter(each -> each < Double.POSITIVE_INFINITY)
                .min()
                .orElse(0);
        for (Waiter waiter : lane.queue) {
            seconds += waiter.grant.isEmpty() ? work.seconds(waiter.request) : 0;
        }
        for (HeldRequest each : elsewhere.waiting(lane.deployment)) {
            seconds += work.seconds(each.request());
        }
        return duration(seconds);
    }

    private double placesPerSecond(Lane lane) {
        List<AgentSnapshot> agents = agents(lane);
        if (agents.isEmpty()) {
            return 0;
        }
        FleetWork work = FleetWork.of(agents);
        double seconds = 0;
        int waiting = 0;
        for (Waiter waiter : lane.queue) {
            if (waiter.grant.isEmpty()) {
                seconds += work.seconds(waiter.request);
                waiting++;
            }
        }
        return seconds > 0 ? waiting / seconds : 0;
    }

    /** Gives the seconds until the first of an agent's answers is expected to end; infinite when none runs. */
    private static double firstEndSeconds(AgentSnapshot agent) {
        double perToken = agent.times().perToken(agent.running().size());
        return agent.running().stream()
                .mapToDouble(each -> agent.unreadSeconds() + each.restTokens() * perToken)
                .min()
                .orElse(Double.POSITIVE_INFINITY);
    }

    private List<AgentSnapshot> agents(Lane lane) {
        return directory
                .find(lane.deployment)
                .map(each -> fleet.snapshot(each, lane.bound()))
                .orElse(List.of());
    }

    private static Duration duration(double seconds) {
        return Duration.ofMillis((long) Math.min(1e3 * seconds, Integer.MAX_VALUE));
    }
}
