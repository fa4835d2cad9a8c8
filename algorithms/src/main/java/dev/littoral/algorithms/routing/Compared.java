package dev.littoral.algorithms.routing;

/** What a rule compares of the agents that could take a request. */
public enum Compared {
    /** Seconds until the last token, and what promises make dear; the least is taken. */
    Cost,
    /** Seconds of work that an agent has, and what promises make dear; the least is taken. */
    Work,
    /** Chance of ending in time, less what it takes from others, cut by what promises make dear; the most is taken. */
    Chance,
    /** Requests per slot; the least is taken. Promises are not looked at. */
    RequestsPerSlot,
    /** Nothing: agents are drawn, or taken in turns. Promises are not looked at. */
    Nothing
}
