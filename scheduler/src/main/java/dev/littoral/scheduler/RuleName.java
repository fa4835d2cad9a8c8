package dev.littoral.scheduler;

import dev.littoral.algorithms.offloading.Iodcc;
import dev.littoral.algorithms.offloading.WarmIodcc;
import dev.littoral.algorithms.routing.AgentChoice;
import dev.littoral.algorithms.routing.DispatchRule;
import dev.littoral.algorithms.routing.HoldInOrder;
import dev.littoral.algorithms.routing.MostInTime;
import dev.littoral.algorithms.routing.Prices;
import dev.littoral.algorithms.routing.SendAtOnce;
import java.util.SplittableRandom;

/** The rules that {@code littoral.scheduler.rule} may name, in lower case with hyphens. */
enum RuleName {
    /** Predicted shortest first with bounded ageing, charged for the batch and for congestion: the least mean latency. */
    SHORTEST_FIRST,
    /** The same, with each slot solved as one program by IODCC. */
    IODCC,
    /** Most answers in time; refuses what has no chance left. */
    MOST_IN_TIME,
    /** Earliest deadline first, on the agent with the shortest expected delay. */
    EARLIEST_DEADLINE,
    /** Shortest expected delay, in order of arrival. */
    EXPECTED_DELAY,
    /** Fewest seconds of work. */
    LEAST_WORK,
    /** Fewest requests per slot. */
    SHORTEST_QUEUE,
    /** The less crowded of two. */
    POWER_OF_TWO,
    /** In turns. */
    ROUND_ROBIN,
    /** Any. */
    RANDOM;

    DispatchRule create(SplittableRandom random) {
        return switch (this) {
            case SHORTEST_FIRST -> HoldInOrder.shortestFirst(() -> Prices.NONE);
            case IODCC -> HoldInOrder.shortestFirst(() -> Prices.NONE).solvedBy(new WarmIodcc(Iodcc.standard())::solve);
            case MOST_IN_TIME -> MostInTime.standard();
            case EARLIEST_DEADLINE -> HoldInOrder.earliestDeadlineFirst();
            case EXPECTED_DELAY -> new SendAtOnce(AgentChoice.shortestExpectedDelay());
            case LEAST_WORK -> new SendAtOnce(AgentChoice.leastWork());
            case SHORTEST_QUEUE -> new SendAtOnce(AgentChoice.shortestQueue());
            case POWER_OF_TWO -> new SendAtOnce(AgentChoice.powerOfTwo(random));
            case ROUND_ROBIN -> new SendAtOnce(AgentChoice.roundRobin());
            case RANDOM -> new SendAtOnce(AgentChoice.random(random));
        };
    }
}
