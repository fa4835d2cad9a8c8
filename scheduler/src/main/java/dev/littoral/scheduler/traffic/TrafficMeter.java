package dev.littoral.scheduler.traffic;

import dev.littoral.protocol.events.SchedulerTelemetry.Traffic;
import dev.littoral.scheduler.directory.AgentRef;
import dev.littoral.scheduler.directory.Deployment;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** Counts the tokens that agents generate for this scheduler. */
public final class TrafficMeter {

    private final Map<String, RateWindow> byAddress = new HashMap<>();
    private final LongSupplier nanoTime;
    private final Duration window;

    /** Counts over the last {@code window}. */
    public TrafficMeter(LongSupplier nanoTime, Duration window) {
        this.nanoTime = nanoTime;
        this.window = window;
    }

    /** Notes that the agent at this address has generated so many more tokens. */
    public synchronized void generated(String address, int tokens) {
        long now = nanoTime.getAsLong();
        byAddress.computeIfAbsent(address, each -> new RateWindow(window, now)).add(tokens, now);
    }

    /** Returns the traffic of each deployment by key, and forgets agents that none of them has. */
    public synchronized Map<String, Traffic> read(Collection<Deployment> deployments, Map<String, Integer> waiting) {
        List<String> addresses = deployments.stream()
                .flatMap(each -> each.heads().stream())
                .map(AgentRef::address)
                .toList();
        byAddress.keySet().retainAll(addresses);
        return deployments.stream()
                .collect(Collectors.toMap(
                        Deployment::key,
                        each -> new Traffic(tokensPerSecond(each), waiting.getOrDefault(each.key(), 0))));
    }

    private double tokensPerSecond(Deployment deployment) {
        long now = nanoTime.getAsLong();
        return deployment.heads().stream()
                .flatMap(head -> Optional.ofNullable(byAddress.get(head.address())).stream())
                .mapToDouble(tokens -> tokens.perSecond(now))
                .sum();
    }
}
