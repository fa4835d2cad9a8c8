package dev.littoral.scheduler.batch;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A batch as it is written to disk.
 *
 * @param createdAt seconds since 1970
 * @param expiresAt seconds since 1970; its requests' deadline
 * @param since when it came to each status, in seconds since 1970, by OpenAI's word
 * @param total requests of its input
 * @param completed that were answered
 * @param failed that ended without an answer
 * @param sent lines of the input that the broker has for sure
 * @param answersFrom by partition: where in the topic of answers its own can begin
 */
record Batch(
        String id,
        String inputFileId,
        String endpoint,
        String completionWindow,
        Map<String, String> metadata,
        long createdAt,
        long expiresAt,
        BatchStatus status,
        Map<String, Long> since,
        List<BatchInput.Fault> errors,
        int total,
        int completed,
        int failed,
        int sent,
        Map<Integer, Long> answersFrom,
        Optional<String> outputFileId,
        Optional<String> errorFileId) {

    /** Returns it with another status. */
    Batch to(BatchStatus next, long now) {
        Map<String, Long> times = new TreeMap<>(since);
        times.put(next.word(), now);
        return new Batch(
                id,
                inputFileId,
                endpoint,
                completionWindow,
                metadata,
                createdAt,
                expiresAt,
                next,
                times,
                errors,
                total,
                completed,
                failed,
                sent,
                answersFrom,
                outputFileId,
                errorFileId);
    }

    /** Returns it with what is wrong with its input. */
    Batch with(List<BatchInput.Fault> faults) {
        return new Batch(
                id,
                inputFileId,
                endpoint,
                completionWindow,
                metadata,
                createdAt,
                expiresAt,
                status,
                since,
                faults,
                total,
                completed,
                failed,
                sent,
                answersFrom,
                outputFileId,
                errorFileId);
    }

    /** Returns it with the size of its input and where its answers begin. */
    Batch begun(int requests, Map<Integer, Long> from) {
        return new Batch(
                id,
                inputFileId,
                endpoint,
                completionWindow,
                metadata,
                createdAt,
                expiresAt,
                status,
                since,
                errors,
                requests,
                completed,
                failed,
                sent,
                from,
                outputFileId,
                errorFileId);
    }

    /** Returns it with these counts. */
    Batch counted(int done, int broken, int known) {
        return new Batch(
                id,
                inputFileId,
                endpoint,
                completionWindow,
                metadata,
                createdAt,
                expiresAt,
                status,
                since,
                errors,
                total,
                done,
                broken,
                known,
                answersFrom,
                outputFileId,
                errorFileId);
    }

    /** Returns it with its results. */
    Batch results(Optional<String> output, Optional<String> error) {
        return new Batch(
                id,
                inputFileId,
                endpoint,
                completionWindow,
                metadata,
                createdAt,
                expiresAt,
                status,
                since,
                errors,
                total,
                completed,
                failed,
                sent,
                answersFrom,
                output,
                error);
    }
}
