package dev.littoral.scheduler.kafka;

/**
 * Where a request lies, and what it takes while it is held.
 *
 * @param source what it was read from, alike for all of one partition while it is this scheduler's
 * @param offset grows within a source
 * @param priority the larger goes first
 */
record Place(Object source, long offset, int priority, long bytes) {

    /** Says whether it may only have what is not kept for others. */
    boolean low() {
        return priority < 0;
    }
}
