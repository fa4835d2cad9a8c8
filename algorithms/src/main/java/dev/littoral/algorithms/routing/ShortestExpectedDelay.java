package dev.littoral.algorithms.routing;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Shortest expected delay: the agent on which the request is expected to end first.
 *
 * <p>With p prompt tokens, l expected answer tokens and n sequences running, the delay on an agent is
 * {@code wait + (p / prefill + l / decode) * (1 + sharing * n)} seconds. The wait is 0 with a free slot and the mean
 * remaining time of a running sequence without one, both stretched in the same way. Ties go to the smaller name.
 *
 * <p>The rule for servers of unlike speed is classical; see Banawan and Zahorjan, <i>Load sharing in heterogeneous
 * queueing systems</i>, INFOCOM 1989.
 *
 * @param sharing by how much of its time alone every other sequence lengthens a sequence: 1 when sequences take turns,
 *     0 when they run beside each other at no cost, about 0.18 for batched decoding
 */
public record ShortestExpectedDelay(double sharing) implements RoutingRule {

    /** Rejects a share outside of 0 to 1. */
    public ShortestExpectedDelay {
        if (!(sharing >= 0 && sharing <= 1)) {
            throw new IllegalArgumentException("sharing must lie between 0 and 1: " + sharing);
        }
    }

    @Override
    public Route route(Work work, List<AgentLoad> agents) {
        Optional<AgentLoad> best = agents.stream()
                .min(Comparator.comparingDouble((AgentLoad load) -> expectedSeconds(work, load))
                        .thenComparing(AgentLoad::agent));
        return best.<Route>map(load -> load.freeSlots() > 0
                        ? new Route.Send(load.agent(), expectedSeconds(work, load))
                        : new Route.Hold(load.agent(), expectedSeconds(work, load)))
                .orElseGet(Route.NoAgent::new);
    }

    /** Returns the seconds until the request's last token if it went to this agent. */
    double expectedSeconds(Work work, AgentLoad load) {
        double alone = work.promptTokens() / load.prefillTokensPerSecond()
                + work.answerTokens() / load.decodeTokensPerSecond();
        int running = load.runningSequences();
        if (load.freeSlots() > 0) {
            return alone * (1 + sharing * running);
        }
        // one sequence must end first: it shares with the others that run, and so will the request afterwards
        int others = Math.max(0, running - 1);
        double wait = running == 0 ? load.backlogSeconds() : load.backlogSeconds() / running;
        return (wait + alone) * (1 + sharing * others);
    }
}
