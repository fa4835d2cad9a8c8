package dev.littoral.scheduler.fleet;

import java.util.List;

/** Knows what waits at other schedulers for the same agents. */
@FunctionalInterface
public interface Elsewhere {

    /** Knows of no other scheduler. */
    Elsewhere NOTHING = deployment -> List.of();

    /** Returns what waits there for a deployment, the most pressing first; ids are below 0, and those that wait here are not. */
    List<HeldRequest> waiting(String deployment);

    /** Returns for how long free slots are left to those that do not take them while something waits here, in seconds. */
    default double patienceSeconds() {
        return 1;
    }
}
