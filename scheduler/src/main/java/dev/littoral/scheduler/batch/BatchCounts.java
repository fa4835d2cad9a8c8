package dev.littoral.scheduler.batch;

/**
 * How far a batch is.
 *
 * @param total requests of its input
 * @param completed that were answered
 * @param failed that ended without an answer
 * @param sent lines of the input that the broker has for sure
 */
record BatchCounts(int total, int completed, int failed, int sent) {

    static final BatchCounts NONE = new BatchCounts(0, 0, 0, 0);
}
