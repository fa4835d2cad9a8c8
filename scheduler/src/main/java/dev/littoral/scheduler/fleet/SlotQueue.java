package dev.littoral.scheduler.fleet;

import dev.littoral.algorithms.routing.AgentSnapshot;
import dev.littoral.algorithms.routing.DispatchRule;
import dev.littoral.algorithms.routing.FairShare;
import dev.littoral.algorithms.routing.WaitingRequest;
import dev.littoral.scheduler.directory.Deployment;
import dev.littoral.scheduler.directory.DeploymentDirectory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private final Dispatcher dispatcher;
    private final RoomForecast room;
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
     * Lets at most {@code maxWaiting} requests wait, over all deployments, with no other scheduler beside this one.
     *
     * @param log is told why requests went where they went
     */
    public SlotQueue(
            DeploymentDirectory directory, Fleet fleet, RuleFactory rules, RouteLog log, Clock clock, int maxWaiting) {
        this(directory, fleet, rules, log, clock, maxWaiting, Elsewhere.NOTHING, Duration.ZERO);
    }

    /**
     * Lets at most {@code maxWaiting} requests wait, over all deployments.
     *
     * @param log is told why requests went where they went
     * @param elsewhere what waits at other schedulers, by the same clock
     * @param slot least time between two decisions about a deployment, 0 to decide at every event
     */
    public SlotQueue(
            DeploymentDirectory directory,
            Fleet fleet,
            RuleFactory rules,
            RouteLog log,
            Clock clock,
            int maxWaiting,
            Elsewhere elsewhere,
            Duration slot) {
        this.dispatcher = new Dispatcher(directory, fleet, elsewhere, clock, lock, slot);
        this.room = new RoomForecast(directory, fleet, elsewhere);
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

    /** Returns what waits here and is bound to no agent, by deployment, with what its senders owe. */
    public Map<String, List<HeldRequest>> held() {
        lock.lock();
        try {
            double now = fleet.nowSeconds();
            return lanes.entrySet().stream()
                    .map(each -> Map.entry(each.getKey(), each.getValue().held(now)))
                    .filter(each -> !each.getValue().isEmpty())
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        } finally {
            lock.unlock();
        }
    }

    /** Returns when there will be room for one more request, as far as can be told. */
    public Duration room() {
        lock.lock();
        try {
            return room.place(lanes.values());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Grant acquire(Wish wish) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (count() >= maxWaiting
                    && !Displacement.madeFor(wish, lanes.values(), () -> room.place(lanes.values()))) {
                return new Grant.None(Reason.QueueFull, room.place(lanes.values()));
            }
            Lane lane = lanes.computeIfAbsent(wish.deployment(), name -> new Lane(name, rules, log, clock));
            List<Waiter> queue = lane.queue;
            Waiter self = new Waiter(wish, request(wish), lock.newCondition());
            queue.add(self);
            boolean taken = false;
            try {
                dispatcher.decide(lane);
                if (dispatcher.slotLeft(lane).isPositive()) {
                    // who is first looks again when the slot is over
                    queue.getFirst().wake.signal();
                }
                Grant grant = await(self, lane);
                taken = true;
                return grant;
            } finally {
                boolean first = queue.getFirst().equals(self);
                queue.remove(self);
                if (!taken) {
                    self.giveBack();
                }
                // who is first now looks after all; nothing changes for the others when a decided one leaves
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
                Dispatcher.seconds(clock.instant()),
                Dispatcher.seconds(wish.deadline()),
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
                return new Grant.None(Reason.WaitedTooLong, room.turn(lane));
            }
            Instant end = wish.giveUpAt().isBefore(wish.deadline()) ? wish.giveUpAt() : wish.deadline();
            Duration left = Duration.between(now, end);
            boolean first = queue.getFirst().equals(self);
            Duration nap = first && left.compareTo(LOOK_AGAIN) > 0 ? LOOK_AGAIN : left;
            Duration slot = dispatcher.slotLeft(lane);
            if (first && slot.isPositive() && slot.compareTo(nap) < 0) {
                nap = slot;
            }
            boolean ignored = self.wake.await(nap.toNanos() + 1, TimeUnit.NANOSECONDS);
            if (self.grant.isEmpty() && queue.getFirst().equals(self)) {
                dispatcher.decide(lane);
            }
        }
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
}
