package dev.littoral.scheduler.batch;

import java.util.Map;

/**
 * What somebody asked for with a batch.
 *
 * @param createdAt seconds since 1970
 * @param expiresAt seconds since 1970; its requests' deadline
 */
record BatchOrder(
        String id,
        String inputFileId,
        String endpoint,
        String completionWindow,
        Map<String, String> metadata,
        long createdAt,
        long expiresAt) {}
