package dev.littoral.scheduler.fleet;

import dev.littoral.algorithms.routing.AgentSnapshot;
import dev.littoral.algorithms.routing.RefusalReason;
import dev.littoral.algorithms.routing.Verdict;
import dev.littoral.algorithms.routing.WaitingRequest;
import dev.littoral.scheduler.directory.Deployment;
import dev.littoral.scheduler.directory.DeploymentDirectory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * Asks a lane's rule about all that wait in it, those of the highest priority first, and does what the rule says. Guarded by
 * the queue's lock.
 */
final class Dispatcher {

    private final DeploymentDirectory directory;
    private final Fleet fleet;
    private final Elsewhere elsewhere;
    private final Clock clock;
    private final ReentrantLock lock;
    private final Duration slot;

    Dispatcher(
            DeploymentDirectory directory,
            Fleet fleet,
            Elsewhere elsewhere,
            Clock clock,
            ReentrantLock lock,
            Duration slot) {
        this.directory = directory;
        this.fleet = fleet;
        this.elsewhere = elsewhere;
        this.clock = clock;
        this.lock = lock;
        this.slot = slot;
    }

    /** Returns how much is left of the slot that the last decision about a deployment began; 0 or less when it is over. */
    Duration slotLeft(Lane lane) {
        return slot.isZero() ? Duration.ZERO : Duration.between(clock.instant(), lane.slotEnds);
    }

    /** Decides about all that wait for a deployment, unless the last slot still lasts. */
    void decide(Lane lane) {
        if (!slot.isZero()) {
            if (slotLeft(lane).isPositive()) {
                return;
            }
            lane.slotEnds = clock.instant().plus(slot);
        }
        List<Waiter> queue = lane.queue;
        Optional<Deployment> deployment = directory.find(lane.deployment);
        // asked first: an agent that speaks between the two questions is waited for
        boolean news = deployment.filter(fleet::awaitsNews).isPresent();
        boolean missed = deployment.filter(fleet::awaitsReturn).isPresent();
        List<AgentSnapshot> agents =
                deployment.map(each -> fleet.snapshot(each, lane.bound())).orElse(List.of());
        double now = seconds(clock.instant());
        if (agents.isEmpty()) {
            lane.courtesy.decided(false, false, now);
            // asked once more: the last one may have gone since; it is waited for until it is given up for dead
            boolean awaited =
                    news || missed || deployment.filter(fleet::awaitsReturn).isPresent();
            queue.forEach(waiter -> {
                waiter.agent = Optional.empty();
                // one that has got its slot has not left yet
                if (waiter.grant.isEmpty() && !waiter.wish.waitsForAgents() && !awaited) {
                    waiter.settle(new Slots.Grant.None(Slots.Reason.NoReplica));
                }
            });
            return;
        }
        List<Waiter> undecided =
                queue.stream().filter(waiter -> waiter.grant.isEmpty()).toList();
        List<HeldRequest> told = elsewhere.waiting(lane.deployment);
        decide(
                lane,
                deployment.orElseThrow(),
                agents,
                lane.courtesy.due(told, now, elsewhere.patienceSeconds()),
                missed);
        boolean started = undecided.stream().anyMatch(Dispatcher::hasSlot);
        lane.courtesy.decided(started, !told.isEmpty() && waitsBesideSlot(lane, deployment.orElseThrow()), now);
    }

    private static boolean hasSlot(Waiter waiter) {
        return waiter.grant.isPresent() && waiter.grant.orElseThrow() instanceof Slots.Grant.Slot;
    }

    /** Says whether a slot is free while something waits that is bound to no agent and waits for none to return. */
    private boolean waitsBesideSlot(Lane lane, Deployment deployment) {
        return lane.queue.stream()
                        .anyMatch(waiter -> waiter.grant.isEmpty() && waiter.agent.isEmpty() && !waiter.awaitsReturn)
                && fleet.snapshot(deployment, lane.bound()).stream().anyMatch(agent -> agent.freeSlots() > 0);
    }

    /** Decides level by level, beside those that are told of. */
    private void decide(
            Lane lane, Deployment deployment, List<AgentSnapshot> before, List<HeldRequest> told, boolean missed) {
        List<AgentSnapshot> agents = before;
        boolean fresh = !startBound(deployment, lane);
        TreeMap<Integer, List<Waiter>> byPriority = new TreeMap<>();
        lane.queue.stream()
                .filter(waiter -> waiter.grant.isEmpty() && waiter.agent.isEmpty())
                .forEach(waiter -> byPriority
                        .computeIfAbsent(waiter.wish.priority(), priority -> new ArrayList<>())
                        .add(waiter));
        for (Map.Entry<Integer, List<Waiter>> level : byPriority.descendingMap().entrySet()) {
            List<Waiter> equals = level.getValue();
            if (!fresh) {
                agents = fleet.snapshot(deployment, lane.bound());
            }
            if (agents.isEmpty() || outranked(lane, told, level.getKey(), agents)) {
                return;
            }
            fresh = false;
            List<HeldRequest> beside = told.stream()
                    .filter(each -> each.priority() >= level.getKey())
                    .toList();
            List<Verdict> verdicts = ruled(lane, equals, beside, agents);
            // asked once more: one may have gone since
            boolean awaited = missed || fleet.awaitsReturn(deployment);
            for (int i = 0; i < equals.size(); i++) {
                carryOut(lane, agents, equals.get(i), verdicts.get(i), awaited);
            }
            // whoever was sent to an agent with a free slot need not wait for it
            boolean ignored = startBound(deployment, lane);
            if (equals.stream()
                    .anyMatch(waiter -> waiter.grant.isEmpty() && waiter.agent.isEmpty() && !waiter.awaitsReturn)) {
                // those of lower priority would take what these are held for
                return;
            }
        }
    }

    /** Asks the rule, and notes for which of those that wait elsewhere it leaves a free slot. */
    private List<Verdict> ruled(Lane lane, List<Waiter> equals, List<HeldRequest> beside, List<AgentSnapshot> agents) {
        double now = seconds(clock.instant());
        List<WaitingRequest> own = lane.requests(equals, beside, fleet.nowSeconds());
        if (beside.isEmpty()) {
            return lane.rule.decide(now, own, agents);
        }
        List<Verdict> verdicts = lane.rule.decide(
                now, own, beside.stream().map(HeldRequest::request).toList(), agents);
        for (int i = 0; i < beside.size(); i++) {
            if (verdicts.get(own.size() + i) instanceof Verdict.Start) {
                lane.courtesy.left(beside.get(i), now);
            } else {
                lane.courtesy.waits(beside.get(i));
            }
        }
        return verdicts;
    }

    /** Says whether all free slots are left to what has a higher priority elsewhere. */
    private boolean outranked(Lane lane, List<HeldRequest> told, int priority, List<AgentSnapshot> agents) {
        List<HeldRequest> above =
                told.stream().filter(each -> each.priority() > priority).toList();
        int free = agents.stream().mapToInt(AgentSnapshot::freeSlots).sum();
        if (above.isEmpty() || free > above.size()) {
            return false;
        }
        if (free > 0) {
            above.forEach(each -> lane.courtesy.left(each, seconds(clock.instant())));
        }
        return true;
    }

    private void carryOut(Lane lane, List<AgentSnapshot> agents, Waiter waiter, Verdict verdict, boolean awaitsReturn) {
        // the agent that could end it in time may be the one that is missed
        waiter.awaitsReturn = awaitsReturn
                && verdict instanceof Verdict.Refuse refuse
                && refuse.reason() == RefusalReason.DeadlineOutOfReach;
        if (waiter.awaitsReturn) {
            return;
        }
        switch (verdict) {
            case Verdict.Start start -> waiter.settle(lease(lane, start.agent(), waiter, agents));
            case Verdict.Queue queued -> waiter.agent = Optional.of(queued.agent());
            case Verdict.Hold hold -> waiter.held = true;
            case Verdict.Refuse refuse ->
                waiter.settle(
                        refuse.reason() == RefusalReason.DeadlinePassed
                                ? new Slots.Grant.None(Slots.Reason.DeadlinePassed)
                                : new Slots.Grant.OutOfReach(
                                        Duration.ofMillis((long) (1000 * refuse.expectedSeconds())), waiter.held));
        }
    }

    /**
     * Starts, in order, what waits for an agent of its own; what waits for one that is gone is decided about anew. False:
     * nothing waits for one.
     */
    private boolean startBound(Deployment deployment, Lane lane) {
        List<Waiter> queue = lane.queue;
        if (queue.stream().noneMatch(waiter -> waiter.agent.isPresent())) {
            return false;
        }
        List<AgentSnapshot> agents = fleet.snapshot(deployment, lane.bound());
        Map<String, Integer> free =
                agents.stream().collect(Collectors.toMap(AgentSnapshot::agent, AgentSnapshot::freeSlots));
        for (Waiter waiter : queue) {
            if (waiter.agent.isPresent() && waiter.grant.isEmpty()) {
                String agent = waiter.agent.orElseThrow();
                int left = free.getOrDefault(agent, -1);
                if (left < 0) {
                    waiter.agent = Optional.empty();
                } else if (left > 0) {
                    free.put(agent, left - 1);
                    waiter.settle(lease(lane, agent, waiter, agents));
                }
            }
        }
        return true;
    }

    private Slots.Grant lease(Lane lane, String agent, Waiter waiter, List<AgentSnapshot> agents) {
        if (!lane.several()) {
            return new Slots.Grant.Slot(fleet.lease(agent, waiter.request, waiter.wish.holder()));
        }
        KeyShares.Charge charge = lane.shares.start(waiter.request, agents, fleet.nowSeconds(), lane.queue);
        return new Slots.Grant.Slot(fleet.lease(agent, waiter.request, waiter.wish.holder(), tokens -> {
            lock.lock();
            try {
                lane.shares.end(charge, tokens, fleet.nowSeconds());
            } finally {
                lock.unlock();
            }
        }));
    }

    /** Gives a moment on the clock of requests. */
    static double seconds(Instant instant) {
        return instant.getEpochSecond() + instant.getNano() / 1e9;
    }
}
