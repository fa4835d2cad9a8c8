package dev.littoral.scheduler.fleet;

import dev.littoral.algorithms.routing.AgentSnapshot;
import dev.littoral.algorithms.routing.DispatchRule;
import dev.littoral.algorithms.routing.FairShare;
import dev.littoral.algorithms.routing.RefusalReason;
import dev.littoral.algorithms.routing.Verdict;
import dev.littoral.algorithms.routing.WaitingRequest;
import dev.littoral.scheduler.directory.Deployment;
import dev.littoral.scheduler.directory.DeploymentDirectory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/** Lets requests of a deployment wait; the rule decides about all of them, those of the highest priority first. */
public final class SlotQueue implements Slots {

    /** Bounds how long a change that nobody announced (an agent that has cooled down) stays unseen. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Lane> lanes = new HashMap<>();
    private final DeploymentDirectory directory;
    private final Fleet fleet;
    private final RuleFactory rules;
    private final RouteLog log;
    private final Clock clock;
    private final int maxWaiting;
    private long arrivals;

    /** Lets at most {@code maxWaiting} requests wait, over all deployments, which share one rule. */
    public SlotQueue(DeploymentDirectory directory, Fleet fleet, DispatchRule rule, Clock clock, int maxWaiting) {
        this(directory, fleet, (deployment, watch) -> rule, new RouteLog(0, 0, () -> 0), clock, maxWaiting);
    }

    /**
     * Lets at most {@code maxWaiting} requests wait, over all deployments.
     *
     * @param log is told why requests went where they went
     */
    public SlotQueue(
            DeploymentDirectory directory, Fleet fleet, RuleFactory rules, RouteLog log, Clock clock, int maxWaiting) {
        this.directory = directory;
        this.fleet = fleet;
        this.rules = rules;
        this.log = log;
        this.clock = clock;
        this.maxWaiting = maxWaiting;
        fleet.onChange(this::wakeFirst);
        directory.onChange(this::forgetOthers);
        directory.onChange(this::wakeFirst);
    }

    /** Counts the requests that wait. */
    public int waiting() {
        lock.lock();
        try {
            return count();
        } finally {
            lock.unlock();
        }
    }

    /** How the keys of a deployment stand: the largest debt, in seconds of all its agents, and how many owe something. */
    public record Fairness(double mostOwedSeconds, int debtors) {}

    /** Returns how the keys stand, by deployment. */
    public Map<String, Fairness> fairness() {
        lock.lock();
        try {
            double now = fleet.nowSeconds();
            return lanes.entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey,
                            each -> new Fairness(
                                    each.getValue().shares.most(now),
                                    each.getValue().shares.debtors())));
        } finally {
            lock.unlock();
        }
    }

    /** Returns a deployment's agents with what runs there and what waits for each. */
    public List<AgentSnapshot> agents(Deployment deployment) {
        lock.lock();
        try {
            Lane lane = lanes.get(deployment.key());
            return fleet.snapshot(deployment, lane == null ? Map.of() : lane.bound());
        } finally {
            lock.unlock();
        }
    }

    /** Counts the requests that wait, by deployment. */
    public Map<String, Integer> waitingByDeployment() {
        lock.lock();
        try {
            return lanes.entrySet().stream()
                    .filter(each -> !each.getValue().queue.isEmpty())
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, each -> each.getValue().queue.size()));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Grant acquire(Wish wish) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (count() >= maxWaiting && !Displacement.madeFor(wish, lanes.values())) {
                return new Grant.None(Reason.QueueFull);
            }
            Lane lane = lanes.computeIfAbsent(wish.deployment(), name -> new Lane(name, rules, log, clock));
            List<Waiter> queue = lane.queue;
            Waiter self = new Waiter(wish, request(wish), lock.newCondition());
            queue.add(self);
            boolean taken = false;
            try {
                decide(lane);
                Grant grant = await(self, lane);
                taken = true;
                return grant;
            } finally {
                boolean first = queue.getFirst().equals(self);
                queue.remove(self);
                if (!taken) {
                    self.giveBack();
                }
                // who is first now looks after all; to the others nothing changes when one leaves about whom was
                // decided
                if (!queue.isEmpty() && (first || !taken || self.grant.isEmpty())) {
                    queue.getFirst().wake.signal();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private WaitingRequest request(Wish wish) {
        return new WaitingRequest(
                arrivals++,
                seconds(clock.instant()),
                seconds(wish.deadline()),
                wish.work().promptTokens(),
                wish.work().forecast(),
                new FairShare(KeyShares.number(wish.sender().key()), 0),
                wish.work().prefix());
    }

    private Grant await(Waiter self, Lane lane) throws InterruptedException {
        Wish wish = self.wish;
        List<Waiter> queue = lane.queue;
        while (true) {
            if (self.grant.isPresent()) {
                return self.grant.orElseThrow();
            }
            Instant now = clock.instant();
            if (!now.isBefore(wish.deadline())) {
                return new Grant.None(Reason.DeadlinePassed);
            }
            if (!now.isBefore(wish.giveUpAt())) {
                return new Grant.None(Reason.WaitedTooLong);
            }
            Instant end = wish.giveUpAt().isBefore(wish.deadline()) ? wish.giveUpAt() : wish.deadline();
            Duration left = Duration.between(now, end);
            boolean first = queue.getFirst().equals(self);
            Duration nap = first && left.compareTo(LOOK_AGAIN) > 0 ? LOOK_AGAIN : left;
            boolean ignored = self.wake.await(nap.toNanos() + 1, TimeUnit.NANOSECONDS);
            if (self.grant.isEmpty() && queue.getFirst().equals(self)) {
                decide(lane);
            }
        }
    }

    /** Decides about all that wait for a deployment. */
    private void decide(Lane lane) {
        List<Waiter> queue = lane.queue;
        String name = queue.getFirst().wish.deployment();
        Optional<Deployment> deployment = directory.find(name);
        // asked first: an agent that speaks between the two questions is waited for
        boolean news = deployment.filter(fleet::awaitsNews).isPresent();
        boolean missed = deployment.filter(fleet::awaitsReturn).isPresent();
        List<AgentSnapshot> agents =
                deployment.map(each -> fleet.snapshot(each, lane.bound())).orElse(List.of());
        if (agents.isEmpty()) {
            queue.forEach(waiter -> {
                waiter.agent = Optional.empty();
                // one that has got its slot has not left yet
                if (waiter.grant.isEmpty() && !waiter.wish.waitsForAgents() && !news) {
                    waiter.settle(new Grant.None(Reason.NoReplica));
                }
            });
            return;
        }
        boolean fresh = !startBound(deployment.orElseThrow(), lane);
        TreeMap<Integer, List<Waiter>> byPriority = new TreeMap<>();
        queue.stream()
                .filter(waiter -> waiter.grant.isEmpty() && waiter.agent.isEmpty())
                .forEach(waiter -> byPriority
                        .computeIfAbsent(waiter.wish.priority(), priority -> new ArrayList<>())
                        .add(waiter));
        for (List<Waiter> equals : byPriority.descendingMap().values()) {
            if (!fresh) {
                agents = fleet.snapshot(deployment.orElseThrow(), lane.bound());
            }
            if (agents.isEmpty()) {
                return;
            }
            fresh = false;
            List<Verdict> verdicts =
                    lane.rule.decide(seconds(clock.instant()), lane.requests(equals, fleet.nowSeconds()), agents);
            // asked once more: one may have gone since
            boolean awaited = missed || fleet.awaitsReturn(deployment.orElseThrow());
            for (int i = 0; i < verdicts.size(); i++) {
                carryOut(lane, agents, equals.get(i), verdicts.get(i), awaited);
            }
            // whoever was sent to an agent with a free slot need not wait for it
            boolean ignored = startBound(deployment.orElseThrow(), lane);
            if (equals.stream()
                    .anyMatch(waiter -> waiter.grant.isEmpty() && waiter.agent.isEmpty() && !waiter.awaitsReturn)) {
                // those of lower priority would take what these are held for
                return;
            }
        }
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
                                ? new Grant.None(Reason.DeadlinePassed)
                                : new Grant.OutOfReach(
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

    private Grant lease(Lane lane, String agent, Waiter waiter, List<AgentSnapshot> agents) {
        if (!lane.several()) {
            return new Grant.Slot(fleet.lease(agent, waiter.request, waiter.wish.holder()));
        }
        KeyShares.Charge charge = lane.shares.start(waiter.request, agents, fleet.nowSeconds(), lane.queue);
        return new Grant.Slot(fleet.lease(agent, waiter.request, waiter.wish.holder(), tokens -> {
            lock.lock();
            try {
                lane.shares.end(charge, tokens, fleet.nowSeconds());
            } finally {
                lock.unlock();
            }
        }));
    }

    private int count() {
        return lanes.values().stream().mapToInt(Lane::waiting).sum();
    }

    private void forgetOthers() {
        Set<String> served = directory.all().stream().map(Deployment::key).collect(Collectors.toSet());
        lock.lock();
        try {
            lanes.entrySet()
                    .removeIf(each -> !served.contains(each.getKey())
                            && each.getValue().queue.isEmpty());
        } finally {
            lock.unlock();
        }
    }

    private void wakeFirst() {
        lock.lock();
        try {
            for (Lane lane : lanes.values()) {
                if (!lane.queue.isEmpty()) {
                    lane.queue.getFirst().wake.signal();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private static double seconds(Instant instant) {
        return instant.getEpochSecond() + instant.getNano() / 1e9;
    }
}
