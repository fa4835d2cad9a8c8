package dev.littoral.scheduler.fleet;

import dev.littoral.algorithms.routing.Route;
import dev.littoral.algorithms.routing.RoutingRule;
import dev.littoral.scheduler.directory.DeploymentDirectory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/** Lets requests of a deployment wait in order of priority, then of arrival; only the first asks the rule. */
public final class SlotQueue implements Slots {

    /** Bounds how long a change that nobody announced (an agent that has cooled down) stays unseen. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private static final Comparator<Waiter> ORDER =
            Comparator.<Waiter>comparingInt(waiter -> -waiter.priority).thenComparingLong(waiter -> waiter.number);

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, PriorityQueue<Waiter>> queues = new HashMap<>();
    private final DeploymentDirectory directory;
    private final Fleet fleet;
    private final RoutingRule rule;
    private final Clock clock;
    private final int maxWaiting;
    private long arrivals;

    /** Lets at most {@code maxWaiting} requests wait, over all deployments. */
    public SlotQueue(DeploymentDirectory directory, Fleet fleet, RoutingRule rule, Clock clock, int maxWaiting) {
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
            Waiter self = new Waiter(wish.priority(), arrivals++, lock.newCondition());
            PriorityQueue<Waiter> queue = queues.computeIfAbsent(wish.deployment(), name -> new PriorityQueue<>(ORDER));
            queue.add(self);
            try {
                return await(wish, self, queue);
            } finally {
                queue.remove(self);
                if (queue.isEmpty()) {
                    queues.remove(wish.deployment(), queue);
                } else {
                    queue.element().wake.signal();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private Grant await(Wish wish, Waiter self, PriorityQueue<Waiter> queue) throws InterruptedException {
        while (true) {
            Instant now = clock.instant();
            if (!now.isBefore(wish.deadline())) {
                return new Grant.None(Reason.DeadlinePassed);
            }
            if (!now.isBefore(wish.giveUpAt())) {
                return new Grant.None(Reason.WaitedTooLong);
            }
            boolean first = queue.element().equals(self);
            if (first) {
                Optional<Grant> grant = decide(wish);
                if (grant.isPresent()) {
                    return grant.orElseThrow();
                }
            }
            Instant end = wish.giveUpAt().isBefore(wish.deadline()) ? wish.giveUpAt() : wish.deadline();
            Duration left = Duration.between(now, end);
            Duration nap = first && left.compareTo(LOOK_AGAIN) > 0 ? LOOK_AGAIN : left;
            boolean ignored = self.wake.await(nap.toNanos() + 1, TimeUnit.NANOSECONDS);
        }
    }

    private Optional<Grant> decide(Wish wish) {
        Route route = directory
                .find(wish.deployment())
                .map(deployment -> rule.route(wish.work(), fleet.snapshot(deployment, wish.work())))
                .orElseGet(Route.NoAgent::new);
        return switch (route) {
            case Route.Send send -> Optional.of(new Grant.Slot(fleet.lease(send.agent(), wish.work(), wish.holder())));
            case Route.Hold hold -> Optional.empty();
            case Route.NoAgent none ->
                wish.waitsForAgents() || awaitsNews(wish.deployment())
                        ? Optional.empty()
                        : Optional.of(new Grant.None(Reason.NoReplica));
        };
    }

    private boolean awaitsNews(String deployment) {
        return directory.find(deployment).filter(fleet::awaitsNews).isPresent();
    }

    private int count() {
        return queues.values().stream().mapToInt(PriorityQueue::size).sum();
    }

    private void wakeFirst() {
        lock.lock();
        try {
            queues.values().forEach(queue -> queue.element().wake.signal());
        } finally {
            lock.unlock();
        }
    }

    private record Waiter(int priority, long number, Condition wake) {}
}
