package dev.littoral.scheduler.fleet;

import dev.littoral.algorithms.routing.Compared;
import dev.littoral.algorithms.routing.DispatchRule;
import dev.littoral.algorithms.routing.RouteTerms;
import dev.littoral.algorithms.routing.RouteWatch;
import dev.littoral.algorithms.routing.WaitingRequest;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All that concerns one deployment: who waits, by which rule, and who had how much. Guarded by the queue's lock. */
final class Lane {

    final List<Waiter> queue = new ArrayList<>();
    final KeyShares shares = new KeyShares();
    final Courtesy courtesy = new Courtesy();
    /** Before which nothing is decided anew. */
    Instant slotEnds = Instant.EPOCH;

    final DispatchRule rule;
    final String deployment;
    private final RouteLog log;
    private final Clock clock;

    Lane(String deployment, RuleFactory rules, RouteLog log, Clock clock) {
        this.deployment = deployment;
        this.log = log;
        this.clock = clock;
        this.rule = rules.of(deployment, new Watch());
    }

    /** Counts those that have got no answer yet. */
    int waiting() {
        int waiting = 0;
        for (Waiter waiter : queue) {
            waiting += waiter.grant.isEmpty() ? 1 : 0;
        }
        return waiting;
    }

    /** Says whether more than one sender is here. */
    boolean several() {
        long sender = queue.getFirst().request.share().sender();
        for (Waiter waiter : queue) {
            if (waiter.request.share().sender() != sender) {
                return true;
            }
        }
        return false;
    }

    /** Returns what these wish, with what each sender owes where there is more than one, be it at another scheduler. */
    List<WaitingRequest> requests(List<Waiter> waiters, List<HeldRequest> beside, double nowSeconds) {
        long sender = queue.getFirst().request.share().sender();
        boolean several = several()
                || beside.stream().anyMatch(each -> each.request().share().sender() != sender);
        return waiters.stream()
                .map(waiter -> several ? shares.owing(waiter.request, nowSeconds) : waiter.request)
                .toList();
    }

    /** Returns what waits and is bound to no agent, with what its senders owe. */
    List<HeldRequest> held(double nowSeconds) {
        return queue.stream()
                .filter(waiter -> waiter.grant.isEmpty() && waiter.agent.isEmpty())
                .map(waiter -> new HeldRequest(
                        HeldRequest.digest(waiter.wish.sender().request()),
                        waiter.wish.priority(),
                        shares.owing(waiter.request, nowSeconds)))
                .toList();
    }

    /** Returns what waits for an agent of its own, by the agent. */
    Map<String, List<WaitingRequest>> bound() {
        Map<String, List<WaitingRequest>> bound = new HashMap<>();
        for (Waiter waiter : queue) {
            if (waiter.grant.isEmpty()) {
                waiter.agent.ifPresent(agent ->
                        bound.computeIfAbsent(agent, each -> new ArrayList<>()).add(waiter.request));
            }
        }
        return bound;
    }

    /** Names the requests of routes by their senders' own ids. */
    private final class Watch implements RouteWatch {

        @Override
        public boolean wants() {
            return log.wants();
        }

        @Override
        public void routed(WaitingRequest request, String agent, Compared by, List<RouteTerms> candidates) {
            String id = queue.stream()
                    .filter(waiter -> waiter.request.id() == request.id())
                    .map(waiter -> waiter.wish.sender().request())
                    .findFirst()
                    .orElse("");
            log.add(new RouteLog.Route(
                    clock.instant(),
                    deployment,
                    id,
                    agent,
                    request.promptTokens(),
                    request.answer().meanTokens(),
                    request.answer().upperTokens(),
                    request.share().owedSeconds(),
                    by,
                    candidates));
        }
    }
}
