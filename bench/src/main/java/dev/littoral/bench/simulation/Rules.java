package dev.littoral.bench.simulation;

import dev.littoral.algorithms.offloading.Iodcc;
import dev.littoral.algorithms.offloading.WarmIodcc;
import dev.littoral.algorithms.routing.AgentChoice;
import dev.littoral.algorithms.routing.DispatchRule;
import dev.littoral.algorithms.routing.HoldInOrder;
import dev.littoral.algorithms.routing.MostInTime;
import dev.littoral.algorithms.routing.Prices;
import dev.littoral.algorithms.routing.SendAtOnce;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** The rules that are compared, and what each knows of an answer's length. */
enum Rules {
    /** Any agent. */
    RANDOM(Knowledge.MEAN),
    /** Agents in turns, each as often as it has slots. */
    ROUND_ROBIN(Knowledge.MEAN),
    /** The less crowded of two. */
    POWER_OF_TWO(Knowledge.MEAN),
    /** The least crowded. */
    SHORTEST_QUEUE(Knowledge.MEAN),
    /** The one with the fewest seconds of work. */
    LEAST_WORK(Knowledge.MEAN),
    /** Shortest expected delay with the mean length. */
    EXPECTED_DELAY(Knowledge.MEAN),
    /** Shortest expected delay with one and a half times the prompt as the length. */
    PROMPT(Knowledge.PROMPT),
    /** Holds centrally, earliest deadline first, on the agent with the shortest expected delay. */
    EARLIEST_DEADLINE(Knowledge.MEAN),
    /** Ours. */
    LOO(Knowledge.PREDICTED),
    /** Ours for latency with each slot solved as one program by IODCC; for deadlines the same as {@link #LOO}. */
    LOO_IODCC(Knowledge.PREDICTED),
    /** Ours without a trained length: what is the rule's, not the predictor's. */
    LOO_MEAN(Knowledge.MEAN),
    /** Ours with true lengths. */
    CLAIRVOYANT(Knowledge.TRUE);

    /** What a run is judged by, and what its requests carry. */
    enum Objective {
        /** Answers in time; what is late is dropped, whoever routes. */
        DEADLINES,
        /** Mean latency; everything is answered. */
        LATENCY
    }

    private final Knowledge knowledge;

    Rules(Knowledge knowledge) {
        this.knowledge = knowledge;
    }

    static Rules named(String name) {
        try {
            return valueOf(name.strip().toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "no rule " + name + ": there are "
                            + String.join(
                                    ", ",
                                    Arrays.stream(values()).map(Rules::label).toList()),
                    e);
        }
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Knowledge knowledge() {
        return knowledge;
    }

    /** Says whether it is one that ours is to beat. */
    boolean opponent() {
        return compareTo(LOO) < 0;
    }

    /** Gives those that a run compares unless told otherwise: all but the one that takes long. */
    static List<Rules> all() {
        return Arrays.stream(values()).filter(rule -> rule != LOO_IODCC).toList();
    }

    DispatchRule create(Objective objective, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return switch (this) {
            case RANDOM -> new SendAtOnce(AgentChoice.random(random));
            case ROUND_ROBIN -> new SendAtOnce(AgentChoice.roundRobin());
            case POWER_OF_TWO -> new SendAtOnce(AgentChoice.powerOfTwo(random));
            case SHORTEST_QUEUE -> new SendAtOnce(AgentChoice.shortestQueue());
            case LEAST_WORK -> new SendAtOnce(AgentChoice.leastWork());
            case EXPECTED_DELAY, PROMPT -> new SendAtOnce(AgentChoice.shortestExpectedDelay());
            case EARLIEST_DEADLINE -> HoldInOrder.earliestDeadlineFirst();
            case LOO_IODCC ->
                switch (objective) {
                    case DEADLINES -> MostInTime.standard();
                    case LATENCY ->
                        HoldInOrder.shortestFirst(() -> Prices.NONE)
                                .solvedBy(new WarmIodcc(new Iodcc(30, 0.8, 1, 1e-3, 2000))::solve);
                };
            case LOO, LOO_MEAN, CLAIRVOYANT ->
                switch (objective) {
                    case DEADLINES -> MostInTime.standard();
                    case LATENCY -> HoldInOrder.shortestFirst(() -> Prices.NONE);
                };
        };
    }
}
