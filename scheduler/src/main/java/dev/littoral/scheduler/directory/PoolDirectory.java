package dev.littoral.scheduler.directory;

import java.util.List;

/** Knows the pools of nodes, as of the last time that anybody could be asked. */
@FunctionalInterface
public interface PoolDirectory {

    /** Returns all of them, by namespace and name. */
    List<Pool> pools();
}
