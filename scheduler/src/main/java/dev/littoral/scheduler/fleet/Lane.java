package dev.littoral.scheduler.fleet;

import dev.littoral.algorithms.routing.DispatchRule;
import dev.littoral.algorithms.routing.RouteTerms;
import dev.littoral.algorithms.routing.RouteWatch;
import dev.littoral.algorithms.routing.WaitingRequest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** All that concerns one deployment: who waits, by which rule, and who had how much. Guarded by the queue's lock. */
final class Lane {

    final List<Waiter> queue = new ArrayList<>();
    final KeyShares shares = new KeyShares();
    final DispatchRule rule;
    private final String deployment;
    private final RouteLog log;
    private final Clock clock;

    Lane(String deployment, RuleFactory rules, RouteLog log, Clock clock) {
        this.deployment = deployment;
        this.log = log;
        this.clock = clock;
        this.rule = rules.of(deployment, new Watch());
    }

    /** Names the requests of routes by their senders' own ids. */
    private final class Watch implements RouteWatch {

        @Override
        public boolean wants() {
            return log.wants();
        }

        @Override
        public void routed(WaitingRequest request, String agent, List<RouteTerms> candidates) {
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
                    candidates));
        }
    }
}
