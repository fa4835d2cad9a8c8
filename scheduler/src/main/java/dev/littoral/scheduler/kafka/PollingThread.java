package dev.littoral.scheduler.kafka;

import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;

/** The thread that polls the requests. */
interface PollingThread extends Executor {

    /**
     * Has partitions paused that are full and, if any are read at all, the others read on: as it is when the thread comes
     * to it.
     */
    void regulate(IntPredicate full, BooleanSupplier reads);
}
