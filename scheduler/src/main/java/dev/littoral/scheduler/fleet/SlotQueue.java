package dev.littoral.scheduler.fleet;

import dev.littoral.algorithms.routing.AgentSnapshot;
import dev.littoral.algorithms.routing.DispatchRule;
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
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/** Lets requests of a deployment wait; the rule decides about all of them, those of the highest priority first. */
public final class SlotQueue implements Slots {

    /** Bounds how long a change that nobody announced (an agent that has cooled down) stays unseen. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, List<Waiter>> queues = new HashMap<>();
    private final DeploymentDirectory directory;
    private final Fleet fleet;
    private final DispatchRule rule;
    private final Clock clock;
    private final int maxWaiting;
    private long arrivals;

    /** Lets at most {@code maxWaiting} requests wait, over all deployments. */
    public SlotQueue(DeploymentDirectory directory, Fleet fleet, DispatchRule rule, Clock clock, int maxWaiting) {
        this.directory = directory;
        this.fleet = fleet;
        this.rule = rule;
        this.clock = clock;
        this.maxWaiting = maxWaiting;
        fleet.onChange(this::wakeFirst);
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

    /** Counts the requests that wait, by deployment. */
    public Map<String, Integer> waitingByDeployment() {
        lock.lock();
        try {
            return queues.entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, each -> each.getValue().size()));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Grant acquire(Wish wish) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (count() >= maxWaiting) {
                return new Grant.None(Reason.QueueFull);
            }
            Waiter self = new Waiter(wish, request(wish), lock.newCondition());
            List<Waiter> queue = queues.computeIfAbsent(wish.deployment(), name -> new ArrayList<>());
            queue.add(self);
            boolean taken = false;
            try {
                decide(queue);
                Grant grant = await(self, queue);
                taken = true;
                return grant;
            } finally {
                queue.remove(self);
                if (!taken) {
                    self.giveBack();
                }
                if (queue.isEmpty()) {
                    queues.remove(wish.deployment(), queue);
                } else {
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
                wish.work().forecast());
    }

    private Grant await(Waiter self, List<Waiter> queue) throws InterruptedException {
        Wish wish = self.wish;
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
            if (queue.getFirst().equals(self)) {
                decide(queue);
            }
        }
    }

    /** Decides about all that wait for a deployment. */
    private void decide(List<Waiter> queue) {
        String name = queue.getFirst().wish.deployment();
        Optional<Deployment> deployment = directory.find(name);
        // asked first: an agent that speaks between the two questions is waited for
        boolean news = deployment.filter(fleet::awaitsNews).isPresent();
        List<AgentSnapshot> agents = deployment.map(each -> agents(each, queue)).orElse(List.of());
        if (agents.isEmpty()) {
            queue.forEach(waiter -> {
                waiter.agent = Optional.empty();
                if (!waiter.wish.waitsForAgents() && !news) {
                    waiter.settle(new Grant.None(Reason.NoReplica));
                }
            });
            return;
        }
        boolean fresh = !startBound(deployment.orElseThrow(), queue);
        TreeMap<Integer, List<Waiter>> byPriority = new TreeMap<>();
        queue.stream()
                .filter(waiter -> waiter.grant.isEmpty() && waiter.agent.isEmpty())
                .forEach(waiter -> byPriority
                        .computeIfAbsent(waiter.wish.priority(), priority -> new ArrayList<>())
                        .add(waiter));
        for (List<Waiter> equals : byPriority.descendingMap().values()) {
            if (!fresh) {
                agents = agents(deployment.orElseThrow(), queue);
            }
            if (agents.isEmpty()) {
                return;
            }
            fresh = false;
            List<Verdict> verdicts = rule.decide(
                    seconds(clock.instant()),
                    equals.stream().map(waiter -> waiter.request).toList(),
                    agents);
            for (int i = 0; i < verdicts.size(); i++) {
                carryOut(equals.get(i), verdicts.get(i));
            }
            // whoever was sent to an agent with a free slot need not wait for it
            boolean ignored = startBound(deployment.orElseThrow(), queue);
            if (equals.stream().anyMatch(waiter -> waiter.grant.isEmpty() && waiter.agent.isEmpty())) {
                // those of lower priority would take what these are held for
                return;
            }
        }
    }

    private void carryOut(Waiter waiter, Verdict verdict) {
        switch (verdict) {
            case Verdict.Start start -> waiter.settle(lease(start.agent(), waiter));
            case Verdict.Queue queued -> waiter.agent = Optional.of(queued.agent());
            case Verdict.Hold hold -> {}
            case Verdict.Refuse refuse ->
                waiter.settle(
                        refuse.reason() == RefusalReason.DeadlinePassed
                                ? new Grant.None(Reason.DeadlinePassed)
                                : new Grant.OutOfReach(Duration.ofMillis((long) (1000 * refuse.expectedSeconds()))));
        }
    }

    /**
     * Starts, in order, what waits for an agent of its own; what waits for one that is gone is decided about anew. False:
     * nothing waits for one.
     */
    private boolean startBound(Deployment deployment, List<Waiter> queue) {
        if (queue.stream().noneMatch(waiter -> waiter.agent.isPresent())) {
            return false;
        }
        Map<String, Integer> free = agents(deployment, queue).stream()
                .collect(Collectors.toMap(AgentSnapshot::agent, AgentSnapshot::freeSlots));
        for (Waiter waiter : queue) {
            if (waiter.agent.isPresent() && waiter.grant.isEmpty()) {
                String agent = waiter.agent.orElseThrow();
                int left = free.getOrDefault(agent, -1);
                if (left < 0) {
                    waiter.agent = Optional.empty();
                } else if (left > 0) {
                    free.put(agent, left - 1);
                    waiter.settle(lease(agent, waiter));
                }
            }
        }
        return true;
    }

    private Grant lease(String agent, Waiter waiter) {
        return new Grant.Slot(fleet.lease(agent, waiter.request, waiter.wish.holder()));
    }

    private List<AgentSnapshot> agents(Deployment deployment, List<Waiter> queue) {
        Map<String, List<WaitingRequest>> bound = new HashMap<>();
        for (Waiter waiter : queue) {
            if (waiter.grant.isEmpty()) {
                waiter.agent.ifPresent(agent ->
                        bound.computeIfAbsent(agent, each -> new ArrayList<>()).add(waiter.request));
            }
        }
        return fleet.snapshot(deployment, bound);
    }

    private int count() {
        return queues.values().stream().mapToInt(List::size).sum();
    }

    private void wakeFirst() {
        lock.lock();
        try {
            queues.values().forEach(queue -> queue.getFirst().wake.signal());
        } finally {
            lock.unlock();
        }
    }

    private static double seconds(Instant instant) {
        return instant.getEpochSecond() + instant.getNano() / 1e9;
    }
}
