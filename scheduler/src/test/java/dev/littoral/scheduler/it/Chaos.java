package dev.littoral.scheduler.it;

import static org.awaitility.Awaitility.await;

import dev.littoral.scheduler.directory.AgentRef;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.awaitility.core.ConditionTimeoutException;

/** Two schedulers and three agents, and what befalls them and the broker, one thing after the other. */
final class Chaos implements AutoCloseable {

    private static final int AGENTS = 3;
    private static final int SLOTS = 16;
    private static final int SHORTEST_PEACE_MILLIS = 500;
    private static final int LONGEST_PEACE_MILLIS = 3000;
    /** Longer than the session of a scheduler that is silent. */
    private static final Duration TAKEN_FOR_DEAD = Duration.ofSeconds(8);

    /** What can happen; all of it happens before anything happens again. */
    enum Event {
        AGENT_KILLED,
        SCHEDULER_KILLED,
        SCHEDULER_TAKEN_FOR_DEAD,
        BROKER_KILLED
    }

    private final RealParts parts;
    private final SplittableRandom random;
    private final List<Process> schedulers = new ArrayList<>();
    private final List<Process> agents = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();
    private final Map<Event, Integer> events = new EnumMap<>(Event.class);
    private final List<Event> ahead = new ArrayList<>();

    Chaos(RealParts parts, long seed) throws IOException {
        this.parts = parts;
        this.random = new SplittableRandom(seed);
        List<AgentRef> refs = new ArrayList<>();
        for (int agent = 0; agent < AGENTS; agent++) {
            ports.add(freePort());
            agents.add(parts.startAgent("agent-" + agent, ports.get(agent), SLOTS));
            refs.add(new AgentRef("agent-" + agent, "127.0.0.1:" + ports.get(agent)));
        }
        parts.deploy(refs.toArray(AgentRef[]::new));
        schedulers.add(parts.scheduler());
        schedulers.add(parts.addScheduler());
    }

    Map<Event, Integer> events() {
        return events;
    }

    /** Waits a while, or until {@code enough}, and then has one thing happen. */
    void next(Callable<Boolean> enough) throws IOException, InterruptedException {
        if (within(Duration.ofMillis(random.nextInt(SHORTEST_PEACE_MILLIS, LONGEST_PEACE_MILLIS)), enough)) {
            return;
        }
        if (ahead.isEmpty()) {
            ahead.addAll(List.of(Event.values()));
        }
        Event event = ahead.remove(random.nextInt(ahead.size()));
        events.merge(event, 1, Integer::sum);
        switch (event) {
            case AGENT_KILLED -> {
                int victim = random.nextInt(AGENTS);
                Programs.kill(agents.get(victim));
                agents.set(victim, parts.startAgent("agent-" + victim, ports.get(victim), SLOTS));
            }
            case SCHEDULER_KILLED -> {
                int victim = random.nextInt(schedulers.size());
                Programs.kill(schedulers.get(victim));
                schedulers.set(victim, parts.addScheduler());
            }
            case SCHEDULER_TAKEN_FOR_DEAD -> {
                Process victim = schedulers.get(random.nextInt(schedulers.size()));
                Programs.signal("STOP", victim);
                boolean ignored = within(TAKEN_FOR_DEAD, enough);
                Programs.signal("CONT", victim);
            }
            case BROKER_KILLED -> parts.replaceBroker();
        }
    }

    private static boolean within(Duration time, Callable<Boolean> condition) {
        try {
            await().atMost(time).until(condition);
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            for (Process each : schedulers) {
                if (each.isAlive()) {
                    Programs.signal("CONT", each);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
