package dev.littoral.scheduler.fleet;

import dev.littoral.algorithms.routing.AgentSnapshot;
import dev.littoral.algorithms.routing.Tariff;
import dev.littoral.algorithms.routing.WaitingRequest;
import dev.littoral.protocol.agent.v1.AgentDescription;
import dev.littoral.protocol.events.AgentTelemetry;
import dev.littoral.scheduler.directory.AgentRef;
import dev.littoral.scheduler.directory.Deployment;
import dev.littoral.scheduler.promises.AgentMeter;
import dev.littoral.scheduler.request.Cancellation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/** Remembers what every agent said and which of its slots this scheduler holds. */
public final class Fleet {

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, AgentState> agents = new HashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final LongSupplier nanoTime;
    private final long reportMaxAgeNanos;
    private final double slope;
    private final Function<String, Tariff> tariffs;

    /** Starts without agents, whose time costs nothing but time. */
    public Fleet(LongSupplier nanoTime, Duration reportMaxAge, double slope) {
        this(nanoTime, reportMaxAge, slope, pod -> Tariff.FREE);
    }

    /**
     * Starts without agents; a report older than {@code reportMaxAge} says nothing about free slots any more.
     *
     * @param slope by how much of its time alone each other sequence lengthens a token, until it is measured
     * @param tariffs what the time of each agent costs, by its pod
     */
    public Fleet(LongSupplier nanoTime, Duration reportMaxAge, double slope, Function<String, Tariff> tariffs) {
        this.nanoTime = nanoTime;
        this.reportMaxAgeNanos = reportMaxAge.toNanos();
        this.slope = slope;
        this.tariffs = tariffs;
    }

    /** Calls back whenever a slot may have become free. */
    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** Notes an agent's description. */
    void described(AgentRef ref, AgentDescription description) {
        update(ref, state -> {
            state.awaited = false;
            state.described(AgentFacts.of(description), nanoTime.getAsLong());
        });
    }

    /** Notes an agent's telemetry, if the agent is known and of this deployment's plan. */
    public void reported(AgentTelemetry telemetry) {
        locked(() -> {
            AgentState state = agents.get(telemetry.agent());
            if (state != null) {
                state.facts = state.facts.map(facts -> {
                    AgentFacts updated = facts.updated(telemetry);
                    state.report(updated, nanoTime.getAsLong());
                    return updated;
                });
            }
        });
        changed();
    }

    /** Notes that an agent did not describe itself; after {@code limit} times in a row its requests run elsewhere. */
    void silent(AgentRef ref, int limit) {
        update(ref, state -> {
            state.failures++;
            state.leave();
            if (state.failures >= limit) {
                lose(state);
            }
        });
    }

    /** Notes that an agent has been silent for too long: its requests run elsewhere. */
    void dead(AgentRef ref) {
        update(ref, state -> {
            state.failures++;
            state.leave();
            lose(state);
        });
    }

    private static void lose(AgentState state) {
        state.awaited = false;
        state.prefixes.clear();
        List.copyOf(state.leases).forEach(Lease::lose);
    }

    void unreachable(AgentRef ref) {
        update(ref, AgentState::leave);
    }

    void exhausted(AgentRef ref) {
        update(ref, state -> state.coolDown(nanoTime.getAsLong()));
    }

    /** Forgets the agents that are not among these and hold no request. */
    void retain(Collection<String> pods) {
        locked(() -> agents.values().removeIf(state -> !pods.contains(state.ref.pod()) && state.leases.isEmpty()));
        changed();
    }

    /**
     * Returns a deployment's agents that could take a request.
     *
     * @param queues what waits for an agent, by its pod
     */
    public List<AgentSnapshot> snapshot(Deployment deployment, Map<String, List<WaitingRequest>> queues) {
        lock.lock();
        try {
            long now = nanoTime.getAsLong();
            List<AgentState> usable = new ArrayList<>();
            List<AgentState> honest = new ArrayList<>();
            for (AgentRef ref : deployment.heads()) {
                AgentState state = agents.get(ref.pod());
                if (state != null && state.usable() && deployment.heads().contains(state.ref)) {
                    usable.add(state);
                    if (!state.refuses(now)) {
                        honest.add(state);
                    }
                }
            }
            List<AgentSnapshot> snapshots = new ArrayList<>();
            for (AgentState state : honest.isEmpty() ? usable : honest) {
                String pod = state.ref.pod();
                snapshots.add(state.snapshot(
                        queues.getOrDefault(pod, List.of()), slope, now, reportMaxAgeNanos, tariffs.apply(pod)));
            }
            return List.copyOf(snapshots);
        } finally {
            lock.unlock();
        }
    }

    /** Says whether an agent of the deployment is so new that nothing was heard of it yet, be it its silence. */
    boolean awaitsNews(Deployment deployment) {
        lock.lock();
        try {
            return deployment.heads().stream().anyMatch(ref -> {
                AgentState state = agents.get(ref.pod());
                return state == null || !state.ref.equals(ref);
            });
        } finally {
            lock.unlock();
        }
    }

    /** Says whether an agent of the deployment is missed that was ready a moment ago and is not given up for dead. */
    boolean awaitsReturn(Deployment deployment) {
        lock.lock();
        try {
            return deployment.heads().stream().anyMatch(ref -> {
                AgentState state = agents.get(ref.pod());
                return state != null && state.ref.equals(ref) && state.awaited;
            });
        } finally {
            lock.unlock();
        }
    }

    /** Takes a slot of an agent that a snapshot has shown. */
    Lease lease(String pod, WaitingRequest request, Cancellation holder) {
        return lease(pod, request, holder, tokens -> {});
    }

    /** Takes a slot, and tells {@code ending} the answer's tokens once it is given back; -1 when none was begun. */
    Lease lease(String pod, WaitingRequest request, Cancellation holder, IntConsumer ending) {
        lock.lock();
        try {
            AgentState state = agents.get(pod);
            if (state == null) {
                throw new IllegalStateException("no agent " + pod + " in the fleet");
            }
            double unheld = state.unheldTokens(request);
            Lease lease = new Lease(this, state.ref, request, holder, unheld, ending);
            state.took(lease, slope, nanoTime.getAsLong());
            return lease;
        } finally {
            lock.unlock();
        }
    }

    /** Notes that an agent has read a prompt and written so many tokens, unless it was given up meanwhile. */
    void read(Lease lease, int tokens) {
        locked(() -> {
            AgentState state = agents.get(lease.agent().pod());
            if (state != null && state.leases.contains(lease) && !lease.lost()) {
                state.read(lease, tokens, slope, nanoTime.getAsLong());
            }
        });
    }

    /** Lets an agent's fit learn from what a request's tokens took, given how many ran beside it. */
    void observe(Lease lease) {
        locked(() -> {
            AgentState state = agents.get(lease.agent().pod());
            if (state != null && state.leases.contains(lease) && !lease.lost()) {
                lease.observe(state.fit, nowSeconds(), state.leases.size());
            }
        });
    }

    double nowSeconds() {
        return nanoTime.getAsLong() / 1e9;
    }

    void release(Lease lease) {
        boolean[] held = {false};
        update(lease.agent(), state -> {
            held[0] = state.gaveBack(lease, nowSeconds());
            if (held[0] && lease.began()) {
                state.served();
            }
        });
        if (held[0]) {
            lease.end();
        }
    }

    /** Reads all agents' meters. */
    public List<AgentMeter> meters() {
        lock.lock();
        try {
            double now = nowSeconds();
            return agents.values().stream().map(state -> state.meter(now)).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the longest context that any agent of the deployment has; empty while none has said. */
    public OptionalInt contextTokens(Deployment deployment) {
        lock.lock();
        try {
            int longest = 0;
            for (AgentRef ref : deployment.heads()) {
                AgentState state = agents.get(ref.pod());
                if (state != null && state.facts.isPresent()) {
                    longest = Math.max(longest, state.facts.orElseThrow().contextTokens());
                }
            }
            return longest > 0 ? OptionalInt.of(longest) : OptionalInt.empty();
        } finally {
            lock.unlock();
        }
    }

    private void update(AgentRef ref, Consumer<AgentState> change) {
        locked(() -> {
            AgentState state = agents.get(ref.pod());
            if (state == null || !state.ref.equals(ref)) {
                state = new AgentState(ref);
                agents.put(ref.pod(), state);
            }
            change.accept(state);
        });
        changed();
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }

    private void changed() {
        listeners.forEach(Runnable::run);
    }
}
