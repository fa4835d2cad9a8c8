package dev.littoral.scheduler.fleet;

import dev.littoral.scheduler.agents.AgentClient;
import dev.littoral.scheduler.directory.AgentRef;
import dev.littoral.scheduler.directory.DeploymentDirectory;
import dev.littoral.scheduler.rounds.EndlessThread;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Asks every agent of the directory again and again how it is, so that routing does not depend on Kafka. */
public final class FleetMonitor implements AutoCloseable {

    private final Map<AgentRef, Thread> watchers = new HashMap<>();
    private final DeploymentDirectory directory;
    private final AgentClient client;
    private final Fleet fleet;
    private final Duration interval;
    private final BooleanSupplier hurried;
    private boolean closed;

    /** Asks every {@code interval}, and waits at most as long for each answer. */
    public FleetMonitor(DeploymentDirectory directory, AgentClient client, Fleet fleet, Duration interval) {
        this(directory, client, fleet, interval, () -> false);
    }

    /**
     * Asks every {@code interval}, and waits at most as long for each answer.
     *
     * @param hurried whether to ask four times as often, since several schedulers are there and one of them waits for slots
     */
    public FleetMonitor(
            DeploymentDirectory directory,
            AgentClient client,
            Fleet fleet,
            Duration interval,
            BooleanSupplier hurried) {
        this.hurried = hurried;
        this.directory = directory;
        this.client = client;
        this.fleet = fleet;
        this.interval = interval;
    }

    /** Starts to follow the directory. */
    public void start() {
        directory.onChange(this::follow);
        follow();
    }

    private synchronized void follow() {
        if (closed) {
            return;
        }
        Set<AgentRef> wanted =
                directory.all().stream().flatMap(each -> each.heads().stream()).collect(Collectors.toSet());
        Set<AgentRef> gone = new HashSet<>(watchers.keySet());
        gone.removeAll(wanted);
        gone.forEach(ref -> Optional.ofNullable(watchers.remove(ref)).ifPresent(Thread::interrupt));
        wanted.forEach(ref -> watchers.computeIfAbsent(ref, this::watch));
        if (!gone.isEmpty()) {
            fleet.retain(wanted.stream().map(AgentRef::pod).collect(Collectors.toSet()));
            client.retain(wanted.stream().map(AgentRef::address).collect(Collectors.toSet()));
        }
    }

    private Thread watch(AgentRef ref) {
        Pulse pulse = new Pulse(ref, client, fleet, interval, System::nanoTime, hurried);
        return EndlessThread.start(
                Thread.ofVirtual(), "watch-" + ref.pod(), () -> pulse.pause(pulse.ask(), Thread::sleep));
    }

    @Override
    public synchronized void close() {
        closed = true;
        watchers.values().forEach(Thread::interrupt);
        watchers.clear();
    }
}
