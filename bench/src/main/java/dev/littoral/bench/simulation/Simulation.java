package dev.littoral.bench.simulation;

import dev.littoral.algorithms.routing.AgentSnapshot;
import dev.littoral.algorithms.routing.DispatchRule;
import dev.littoral.algorithms.routing.Verdict;
import dev.littoral.algorithms.routing.WaitingRequest;
import dev.littoral.protocol.events.TelemetryReader;
import dev.littoral.scheduler.fleet.HeldRequest;
import dev.littoral.scheduler.peers.WaitingBoard;
import dev.littoral.scheduler.peers.WaitingRecords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs requests through a fleet under a rule, from event to event. */
final class Simulation {

    /** How long a decision to hold may stand while a slot is free. */
    private static final double LOOK_AGAIN_SECONDS = 0.5;

    /** How often a scheduler tells the others what waits there. */
    private static final double TELL_SECONDS = 0.25;

    /** How old that may be, and how many requests are listed: as the service has them. */
    private static final Duration MAX_AGE = Duration.ofSeconds(1);

    private static final int MOST_TOLD = 128;
    private static final String DEPLOYMENT = "default/simulated";

    private final List<SimulatedDevice> devices;
    private final Map<String, SimulatedDevice> byName = new HashMap<>();
    private final List<DispatchRule> schedulers;
    private final List<List<SimulatedRequest>> waiting = new ArrayList<>();
    private final boolean endAtDeadline;
    private final List<WaitingBoard> boards = new ArrayList<>();
    private double nowSeconds;
    private double toldAt = Double.NEGATIVE_INFINITY;

    /**
     * Prepares a run.
     *
     * @param schedulers each sees all devices, but of the others' requests only what these told: they come to the
     *     schedulers in turns
     * @param endAtDeadline whether what is late is dropped, be it on its way or in the middle of its answer
     */
    Simulation(List<SimulatedDevice> devices, List<DispatchRule> schedulers, boolean endAtDeadline) {
        this.devices = devices;
        this.schedulers = schedulers;
        this.endAtDeadline = endAtDeadline;
        for (int n = 0; n < schedulers.size(); n++) {
            waiting.add(new ArrayList<>());
            boards.add(new WaitingBoard(name(n), () -> nowSeconds, MAX_AGE));
        }
        devices.forEach(device -> {
            device.endAtDeadline(endAtDeadline);
            byName.put(device.name, device);
        });
    }

    SimulationLog run(List<SimulatedRequest> requests) {
        SimulationLog log = new SimulationLog(requests.size(), endAtDeadline);
        int arrived = 0;
        double lookAgain = Double.POSITIVE_INFINITY;
        while (log.ended() < requests.size()) {
            double arrival =
                    arrived < requests.size() ? requests.get(arrived).asked.arrivalSeconds() : Double.POSITIVE_INFINITY;
            double now = Math.min(arrival, lookAgain);
            for (SimulatedDevice device : devices) {
                now = Math.min(now, device.nextEvent());
            }
            if (now == Double.POSITIVE_INFINITY) {
                throw new IllegalStateException("requests wait and nothing will happen any more");
            }
            for (SimulatedDevice device : devices) {
                device.advance(now);
                if (device.nextEvent() <= now) {
                    device.settle(log);
                }
            }
            while (arrived < requests.size() && requests.get(arrived).asked.arrivalSeconds() <= now) {
                SimulatedRequest request = requests.get(arrived);
                log.asked(request);
                waiting.get(arrived % schedulers.size()).add(request);
                arrived++;
            }
            tell(now);
            int held = 0;
            for (int n = 0; n < schedulers.size(); n++) {
                decide(now, schedulers.get(n), waiting.get(n), others(n), log);
                held += waiting.get(n).size();
            }
            log.mostWaiting = Math.max(
                    log.mostWaiting,
                    held
                            + devices.stream()
                                    .mapToInt(device -> device.queue.size())
                                    .sum());
            boolean slotFree = devices.stream().anyMatch(device -> device.freeSlots() > 0);
            boolean last = arrived == requests.size();
            lookAgain = held == 0 || !(slotFree || last) ? Double.POSITIVE_INFINITY : now + LOOK_AGAIN_SECONDS;
        }
        return log;
    }

    /** Lets each scheduler tell the others what waits there, in the very records of the service. */
    private void tell(double now) {
        nowSeconds = now;
        if (schedulers.size() > 1 && now - toldAt >= TELL_SECONDS) {
            toldAt = now;
            for (int n = 0; n < schedulers.size(); n++) {
                List<HeldRequest> held = waiting.get(n).stream()
                        .map(each -> new HeldRequest(each.asked.id() + 1, 0, kept(each.asked)))
                        .toList();
                byte[] record =
                        TelemetryReader.write(WaitingRecords.told(name(n), now, Map.of(DEPLOYMENT, held), MOST_TOLD));
                for (WaitingBoard board : boards) {
                    var ignored = board.heard(TelemetryReader.readWaiting(record)
                            .orElseThrow(() -> new IllegalStateException("a record of the service is not read back")));
                }
            }
        }
    }

    /** In the service nothing waits beyond its deadline; where all is answered here, no deadline is told. */
    private WaitingRequest kept(WaitingRequest asked) {
        return endAtDeadline
                ? asked
                : new WaitingRequest(
                        asked.id(),
                        asked.arrivalSeconds(),
                        Double.POSITIVE_INFINITY,
                        asked.promptTokens(),
                        asked.answer());
    }

    private static String name(int scheduler) {
        return "s" + scheduler;
    }

    private List<WaitingRequest> others(int scheduler) {
        return boards.get(scheduler).waiting(DEPLOYMENT).stream()
                .map(HeldRequest::request)
                .toList();
    }

    private void decide(
            double now,
            DispatchRule rule,
            List<SimulatedRequest> waiting,
            List<WaitingRequest> others,
            SimulationLog log) {
        if (endAtDeadline) {
            waiting.removeIf(request -> {
                boolean late = request.asked.deadlineSeconds() <= now;
                if (late) {
                    log.missed(request);
                }
                return late;
            });
        }
        if (waiting.isEmpty()) {
            return;
        }
        List<AgentSnapshot> agents = new ArrayList<>(devices.size());
        for (SimulatedDevice device : devices) {
            agents.add(device.snapshot());
        }
        List<WaitingRequest> asked = new ArrayList<>(waiting.size());
        for (SimulatedRequest request : waiting) {
            asked.add(request.asked);
        }
        List<Verdict> verdicts = rule.decide(now, asked, others, agents);
        List<SimulatedRequest> held = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            SimulatedRequest request = waiting.get(i);
            switch (verdicts.get(i)) {
                case Verdict.Start start -> device(start.agent()).start(request);
                case Verdict.Queue queue -> device(queue.agent()).enqueue(request, log);
                case Verdict.Hold hold -> held.add(request);
                case Verdict.Refuse refuse -> log.refused(request);
            }
        }
        waiting.clear();
        waiting.addAll(held);
    }

    private SimulatedDevice device(String name) {
        SimulatedDevice device = byName.get(name);
        if (device == null) {
            throw new IllegalStateException("the rule names an agent that it was not shown: " + name);
        }
        return device;
    }
}
