package dev.littoral.scheduler;

import dev.littoral.algorithms.offloading.Iodcc;
import dev.littoral.algorithms.offloading.WarmIodcc;
import dev.littoral.algorithms.routing.AgentChoice;
import dev.littoral.algorithms.routing.DispatchRule;
import dev.littoral.algorithms.routing.HoldInOrder;
import dev.littoral.algorithms.routing.MostInTime;
import dev.littoral.algorithms.routing.Prices;
import dev.littoral.algorithms.routing.RefuseHopeless;
import dev.littoral.algorithms.routing.RouteWatch;
import dev.littoral.algorithms.routing.SendAtOnce;
import java.util.SplittableRandom;
import java.util.function.Supplier;

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
    /** The same with one and a half times the prompt as the answer's length. */
    PROMPT(Lengths.FROM_PROMPT),
    /** {@link #SHORTEST_FIRST} with the true lengths that replayed requests carry. */
    CLAIRVOYANT(Lengths.TOLD),
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

    /** What a rule knows of an answer's length before it ends. */
    enum Lengths {
        /** What the predictor says. */
        PREDICTED,
        /** How long the prompt is. */
        FROM_PROMPT,
        /** What the request says itself, where it does. */
        TOLD
    }

    /** Chance of ending in time below which a request is refused, as {@code most-in-time} does. */
    private static final double HOPELESS = 0.02;

    private final Lengths lengths;

    RuleName() {
        this(Lengths.PREDICTED);
    }

    RuleName(Lengths lengths) {
        this.lengths = lengths;
    }

    /** Says what it knows of lengths. */
    Lengths lengths() {
        return lengths;
    }

    /**
     * Makes the rule of one deployment; whatever the rule, what can no longer end in time is refused.
     *
     * @param prices what the deployment's promises make dear
     * @param watch is told why requests went where they went
     * @param iodcc solves the slots of {@link #IODCC}
     */
    DispatchRule create(SplittableRandom random, Supplier<Prices> prices, RouteWatch watch, Iodcc iodcc) {
        return this == MOST_IN_TIME
                ? MostInTime.standard().paying(prices, watch)
                : new RefuseHopeless(plain(random, prices, watch, iodcc), HOPELESS);
    }

    private DispatchRule plain(SplittableRandom random, Supplier<Prices> prices, RouteWatch watch, Iodcc iodcc) {
        return switch (this) {
            case SHORTEST_FIRST, CLAIRVOYANT ->
                HoldInOrder.shortestFirst(prices).watchedBy(watch);
            case IODCC ->
                HoldInOrder.shortestFirst(prices)
                        .solvedBy(new WarmIodcc(iodcc)::solve)
                        .watchedBy(watch);
            case MOST_IN_TIME -> MostInTime.standard().paying(prices, watch);
            case EARLIEST_DEADLINE -> HoldInOrder.earliestDeadlineFirst(prices).watchedBy(watch);
            case EXPECTED_DELAY, PROMPT -> new SendAtOnce(AgentChoice.shortestExpectedDelay(prices), watch);
            case LEAST_WORK -> new SendAtOnce(AgentChoice.leastWork(prices), watch);
            case SHORTEST_QUEUE -> new SendAtOnce(AgentChoice.shortestQueue(), watch);
            case POWER_OF_TWO -> new SendAtOnce(AgentChoice.powerOfTwo(random), watch);
            case ROUND_ROBIN -> new SendAtOnce(AgentChoice.roundRobin(), watch);
            case RANDOM -> new SendAtOnce(AgentChoice.random(random), watch);
        };
    }
}
