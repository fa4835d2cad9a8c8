package dev.littoral.scheduler.http;

import dev.littoral.scheduler.request.InferenceRequest;
import java.util.Optional;

/** Remembers whether a stream has begun, and for which request. */
final class StreamState {

    private Optional<InferenceRequest> request = Optional.empty();

    void begin(InferenceRequest streamed) {
        request = Optional.of(streamed);
    }

    boolean streaming() {
        return request.isPresent();
    }

    InferenceRequest request() {
        return request.orElseThrow();
    }
}
