package dev.littoral.agent.serve;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the errors that a caller sees: a status, a sentence, and the reason in the trailers. */
public final class Refusal {

    /** Carries the reason's name. */
    public static final Metadata.Key<String> REASON =
            Metadata.Key.of("littoral-reason", Metadata.ASCII_STRING_MARSHALLER);

    /** Carries how many seconds to wait before the request is sent again, where that is known. */
    public static final Metadata.Key<String> RETRY_AFTER_SECONDS =
            Metadata.Key.of("littoral-retry-after-seconds", Metadata.ASCII_STRING_MARSHALLER);

    private static final int MOST_CHARACTERS = 500;

    private Refusal() {}

    /** Makes an error that ends a call. */
    public static StatusRuntimeException of(Status.Code code, Reason reason, String message) {
        return of(code, reason, message, Optional.empty());
    }

    /** Makes an error that ends a call, and says when to ask again; parts of a second count as a whole one. */
    public static StatusRuntimeException of(
            Status.Code code, Reason reason, String message, Optional<Duration> retryAfter) {
        var trailers = new Metadata();
        trailers.put(REASON, reason.name());
        retryAfter.ifPresent(wait -> trailers.put(
                RETRY_AFTER_SECONDS, String.valueOf(wait.plusNanos(999_999_999).toSeconds())));
        return code.toStatus().withDescription(message).asRuntimeException(trailers);
    }

    /** Passes the error of a next stage on: no free slot and a form that no answer can have stay that, else it is a loss. */
    static StatusRuntimeException ofNextStage(Throwable cause) {
        Status status = Status.fromThrowable(cause);
        String message = "the next stage: " + status.getCode() + ": " + shortened(status.getDescription());
        if (reasonOf(cause) == Reason.FormatUnsupported) {
            return of(Status.Code.INVALID_ARGUMENT, Reason.FormatUnsupported, message);
        }
        return status.getCode() == Status.Code.RESOURCE_EXHAUSTED
                ? of(Status.Code.RESOURCE_EXHAUSTED, Reason.NoFreeSlot, message)
                : of(Status.Code.UNAVAILABLE, reasonOf(cause), message);
    }

    /** Trusts no word that is not one of ours. */
    private static Reason reasonOf(Throwable cause) {
        @Nullable Metadata trailers = Status.trailersFromThrowable(cause);
        @Nullable String name = trailers == null ? null : trailers.get(REASON);
        return Arrays.stream(Reason.values())
                .filter(reason -> reason.name().equals(name))
                .findFirst()
                .orElse(Reason.NextStageLost);
    }

    private static String shortened(@Nullable String text) {
        String whole = String.valueOf(text);
        return whole.length() <= MOST_CHARACTERS ? whole : whole.substring(0, MOST_CHARACTERS) + "…";
    }
}
