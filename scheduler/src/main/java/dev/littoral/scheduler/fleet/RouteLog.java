package dev.littoral.scheduler.fleet;

import dev.littoral.algorithms.routing.Compared;
import dev.littoral.algorithms.routing.RouteTerms;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/** Keeps the last routes with what each agent would have cost; not all of them, so that requests need not pay for it. */
public final class RouteLog {

    /**
     * A request that was sent to an agent, and what the others would have cost.
     *
     * @param deployment namespace/name
     * @param request its id
     * @param upperTokens that one in ten such answers exceeds
     * @param owedSeconds what its sender was beyond its share, in seconds of all agents
     * @param compares by what of its candidates it was chosen
     */
    public record Route(
            Instant at,
            String deployment,
            String request,
            String agent,
            double promptTokens,
            double expectedTokens,
            double upperTokens,
            double owedSeconds,
            Compared compares,
            List<RouteTerms> candidates) {

        public Route {
            candidates = List.copyOf(candidates);
        }
    }

    private final Deque<Route> routes = new ArrayDeque<>();
    private final int most;
    private final long pauseNanos;
    private final LongSupplier nanoTime;
    private volatile long nextNanos;

    /**
     * Starts empty.
     *
     * @param most routes that are kept
     * @param perSecond routes that are explained at most; 0 for none
     */
    public RouteLog(int most, double perSecond, LongSupplier nanoTime) {
        this.most = most;
        this.pauseNanos = perSecond > 0 ? (long) (1e9 / perSecond) : -1;
        this.nanoTime = nanoTime;
        this.nextNanos = nanoTime.getAsLong();
    }

    /** Says whether the next route is to be explained. */
    boolean wants() {
        return pauseNanos >= 0 && nanoTime.getAsLong() - nextNanos >= 0;
    }

    void add(Route route) {
        nextNanos = nanoTime.getAsLong() + pauseNanos;
        synchronized (routes) {
            routes.addFirst(route);
            while (routes.size() > most) {
                routes.removeLast();
            }
        }
    }

    /** Returns the last routes, the newest first. */
    public List<Route> latest() {
        synchronized (routes) {
            return List.copyOf(routes);
        }
    }
}
