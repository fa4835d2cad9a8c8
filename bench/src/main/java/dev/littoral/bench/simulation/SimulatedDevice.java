package dev.littoral.bench.simulation;

import dev.littoral.algorithms.routing.AgentSnapshot;
import dev.littoral.algorithms.routing.ServiceTimes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A device: reads one prompt after the other while its answers stand still, else writes one token of every answer in
 * {@code b(n)} seconds. When its KV cache is full, the youngest answer goes back to its queue and is read again later.
 */
final class SimulatedDevice {

    /** Tokens below which an answer counts as ended, against rounding. */
    private static final double NOTHING = 1e-7;

    /** A snapshot as old as telemetry may be. */
    private static final double SNAPSHOT_SECONDS = 0.25;

    final String name;
    final DeviceKind kind;
    final Deque<SimulatedRequest> queue = new ArrayDeque<>();
    double busySeconds;
    double answerTokens;

    private final ServiceTimes times;
    private final List<SimulatedRequest> running = new ArrayList<>();
    private final Deque<SimulatedRequest> unread = new ArrayDeque<>();
    private double now;
    private double tokens;
    private double nextEvent = Double.POSITIVE_INFINITY;
    private Optional<AgentSnapshot> snapshot = Optional.empty();
    private double snapshotAt;
    private boolean endAtDeadline;

    /** Lets answers end at their deadline, or run on. */
    void endAtDeadline(boolean ends) {
        endAtDeadline = ends;
    }

    SimulatedDevice(String name, DeviceKind kind) {
        this.name = name;
        this.kind = kind;
        this.times = kind.times();
    }

    double nextEvent() {
        return nextEvent;
    }

    int freeSlots() {
        return kind.slots() - running.size();
    }

    int present() {
        return running.size() + queue.size();
    }

    /** Moves on to a time that is not after its next event. */
    void advance(double to) {
        double seconds = to - now;
        now = to;
        if (running.isEmpty()) {
            return;
        }
        busySeconds += seconds;
        if (unread.isEmpty()) {
            tokens += seconds / perToken();
        } else {
            SimulatedRequest first = unread.getFirst();
            first.unreadTokens -= seconds / times.secondsPerPromptToken();
        }
    }

    /** Takes a request into a slot. */
    void start(SimulatedRequest request) {
        request.unreadTokens = request.prompt();
        running.add(request);
        unread.add(request);
        changed();
    }

    /** Gives a request to its queue. */
    void enqueue(SimulatedRequest request, SimulationLog log) {
        queue.add(request);
        admit(log);
        changed();
    }

    /** Does what is due now. */
    void settle(SimulationLog log) {
        if (!unread.isEmpty() && unread.getFirst().unreadTokens <= NOTHING) {
            SimulatedRequest read = unread.removeFirst();
            read.unreadTokens = 0;
            read.begin = tokens;
            read.end = tokens + read.answerTokens - read.writtenTokens;
        }
        for (int k = running.size() - 1; k >= 0; k--) {
            SimulatedRequest each = running.get(k);
            if (each.unreadTokens == 0 && each.end - tokens <= NOTHING) {
                running.remove(k);
                answerTokens += each.answerTokens;
                log.answered(each, now);
            } else if (endAtDeadline && each.asked.deadlineSeconds() <= now) {
                running.remove(k);
                boolean reading = unread.remove(each);
                answerTokens += reading ? each.writtenTokens : each.writtenTokens + tokens - each.begin;
                log.missed(each);
            }
        }
        while (used() > kind.kvTokens() && running.size() > 1) {
            SimulatedRequest youngest = running.removeLast();
            if (!unread.remove(youngest)) {
                youngest.writtenTokens += tokens - youngest.begin;
            }
            log.evicted();
            queue.addFirst(youngest);
        }
        admit(log);
        changed();
    }

    AgentSnapshot snapshot() {
        if (snapshot.isEmpty() || now - snapshotAt > SNAPSHOT_SECONDS) {
            double reserved = 0;
            for (SimulatedRequest each : running) {
                double written = each.unreadTokens > 0 ? 0 : tokens - each.begin;
                reserved += each.prompt()
                        + Math.max(written + 16, each.asked.answer().upperTokens() - each.writtenTokens);
            }
            for (SimulatedRequest each : queue) {
                reserved += each.prompt() + each.asked.answer().upperTokens();
            }
            snapshotAt = now;
            snapshot = Optional.of(new AgentSnapshot(
                    name,
                    times,
                    kind.slots(),
                    freeSlots(),
                    running.stream().map(each -> each.running(tokens)).toList(),
                    queue.stream().map(each -> each.asked).toList(),
                    kind.kvTokens() - reserved,
                    kind.tariff()));
        }
        return snapshot.orElseThrow();
    }

    private void admit(SimulationLog log) {
        while (!queue.isEmpty() && freeSlots() > 0) {
            SimulatedRequest first = queue.getFirst();
            if (first.asked.deadlineSeconds() <= now && log.endsAtDeadline()) {
                queue.removeFirst();
                log.missed(first);
            } else if (running.isEmpty() || used() + first.prompt() <= 0.95 * kind.kvTokens()) {
                queue.removeFirst();
                first.unreadTokens = first.prompt();
                running.add(first);
                unread.add(first);
            } else {
                return;
            }
        }
    }

    private double perToken() {
        return times.perToken(running.size());
    }

    /** Gives the tokens in its KV cache; a prompt counts whole as soon as it has a slot. */
    private double used() {
        double used = 0;
        for (SimulatedRequest each : running) {
            used += each.prompt() + (each.unreadTokens > 0 ? 0 : tokens - each.begin);
        }
        return used;
    }

    private void changed() {
        snapshot = Optional.empty();
        if (running.isEmpty()) {
            nextEvent = Double.POSITIVE_INFINITY;
            return;
        }
        double next = Double.POSITIVE_INFINITY;
        if (unread.isEmpty()) {
            double least = Double.POSITIVE_INFINITY;
            for (SimulatedRequest each : running) {
                least = Math.min(least, each.end - tokens);
            }
            if (running.size() > 1) {
                least = Math.min(least, Math.max(1, (kind.kvTokens() - used()) / running.size() + NOTHING));
            }
            next = now + Math.max(least, 0) * perToken();
        } else {
            next = now + Math.max(unread.getFirst().unreadTokens, 0) * times.secondsPerPromptToken();
        }
        for (SimulatedRequest each : running) {
            if (endAtDeadline && each.asked.deadlineSeconds() > now) {
                next = Math.min(next, each.asked.deadlineSeconds());
            }
        }
        nextEvent = next;
    }
}
