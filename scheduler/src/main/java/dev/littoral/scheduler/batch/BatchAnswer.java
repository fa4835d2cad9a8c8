package dev.littoral.scheduler.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Optional;

/**
 * A final of a request of a batch.
 *
 * @param statusCode as over HTTP, 100 to 599
 * @param errorCode empty when the request was answered
 * @param payload OpenAI's completion object or error object
 */
record BatchAnswer(int statusCode, String errorCode, JsonNode payload) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int OK = 200;
    private static final int LEAST_STATUS = 100;
    private static final int MOST_STATUS = 599;

    /** Reads a final as it lies on the topic; empty when it is none. */
    static Optional<BatchAnswer> read(byte[] value) {
        JsonNode response;
        try {
            response = JSON.readTree(value);
        } catch (IOException e) {
            return Optional.empty();
        }
        JsonNode status = response.path("status_code");
        JsonNode payload = response.path("payload");
        boolean sound = status.isInt()
                && status.intValue() >= LEAST_STATUS
                && status.intValue() <= MOST_STATUS
                && payload.isObject();
        return sound
                ? Optional.of(new BatchAnswer(
                        status.intValue(), response.path("error_code").asText(), payload))
                : Optional.empty();
    }

    boolean answered() {
        return statusCode == OK;
    }
}
