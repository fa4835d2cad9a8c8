package dev.littoral.scheduler.request;

import dev.littoral.protocol.events.ErrorCode;
import java.time.Duration;
import java.util.Optional;

/** How a request ended. */
public sealed interface Outcome {

    /** It was answered in full. */
    record Answered(InferenceRequest request, String text, FinishReason reason, Usage usage) implements Outcome {}

    /**
     * It was not.
     *
     * @param statusCode as over HTTP
     * @param message what is wrong and how to cure it
     * @param parameter the field of the body that is wrong
     * @param retryAfter when it makes sense to ask again
     */
    record Refused(
            ErrorCode code, int statusCode, String message, Optional<String> parameter, Optional<Duration> retryAfter)
            implements Outcome {

        /** Refuses for good, with the status that the code stands for. */
        public static Refused of(ErrorCode code, String message) {
            return new Refused(code, code.statusCode(), message, Optional.empty(), Optional.empty());
        }

        /** Refuses because of one field of the body. */
        public static Refused of(ErrorCode code, String message, String parameter) {
            return new Refused(code, code.statusCode(), message, Optional.of(parameter), Optional.empty());
        }

        /** Refuses for now. */
        public static Refused later(ErrorCode code, int statusCode, String message, Duration retryAfter) {
            return new Refused(code, statusCode, message, Optional.empty(), Optional.of(retryAfter));
        }
    }
}
