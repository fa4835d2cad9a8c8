package dev.littoral.protocol.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Ends a request on {@link Topics#RESPONSES}.
 *
 * @param id the request's id
 * @param statusCode HTTP status that the same outcome has over HTTP
 * @param errorCode absent when the request was answered
 * @param payload OpenAI completion object, or OpenAI error object
 * @param retryAfterSeconds after which it makes sense to ask again, as {@code Retry-After} over HTTP; absent when it does not
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record FinalResponse(
        String id,
        @JsonProperty("status_code") int statusCode,
        @JsonProperty("error_code") Optional<ErrorCode> errorCode,
        JsonNode payload,
        @JsonProperty("retry_after_seconds") OptionalInt retryAfterSeconds) {}
