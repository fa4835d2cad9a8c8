package dev.littoral.scheduler.batch;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A batch as it is written to disk.
 *
 * @param since when it came to each status, in seconds since 1970, by OpenAI's word
 * @param answersFrom by partition: where in the topic of answers its own can begin
 */
record Batch(
        BatchOrder order,
        BatchStatus status,
        Map<String, Long> since,
        List<BatchInput.Fault> errors,
        BatchCounts counts,
        Map<Integer, Long> answersFrom,
        Files files) {

    /** Names the files with what came of it. */
    record Files(Optional<String> output, Optional<String> errors) {

        static final Files NONE = new Files(Optional.empty(), Optional.empty());
    }

    /** Returns a batch of which nothing is done. */
    static Batch of(BatchOrder order) {
        return new Batch(order, BatchStatus.VALIDATING, Map.of(), List.of(), BatchCounts.NONE, Map.of(), Files.NONE);
    }

    String id() {
        return order.id();
    }

    /** Returns it with another status. */
    Batch to(BatchStatus next, long now) {
        Map<String, Long> times = new TreeMap<>(since);
        times.put(next.word(), now);
        return new Batch(order, next, times, errors, counts, answersFrom, files);
    }

    /** Returns it with what is wrong with its input. */
    Batch with(List<BatchInput.Fault> faults) {
        return new Batch(order, status, since, faults, counts, answersFrom, files);
    }

    /** Returns it with the size of its input and where its answers begin. */
    Batch begun(int requests, Map<Integer, Long> from) {
        BatchCounts sized = new BatchCounts(requests, counts.completed(), counts.failed(), counts.sent());
        return new Batch(order, status, since, errors, sized, from, files);
    }

    /** Returns it with these counts. */
    Batch counted(int completed, int failed, int sent) {
        BatchCounts now = new BatchCounts(counts.total(), completed, failed, sent);
        return new Batch(order, status, since, errors, now, answersFrom, files);
    }

    /** Returns it with its results. */
    Batch results(Optional<String> output, Optional<String> errorFile) {
        return new Batch(order, status, since, errors, counts, answersFrom, new Files(output, errorFile));
    }
}
