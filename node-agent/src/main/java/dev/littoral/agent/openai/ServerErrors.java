package dev.littoral.agent.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.agent.serve.Reason;
import dev.littoral.agent.serve.Refusal;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Turns what goes wrong with the server into the error that a caller sees. */
final class ServerErrors {

    private static final int MOST_CHARACTERS = 300;
    private static final Set<String> TOO_LONG = Set.of("context_length_exceeded", "exceed_context_size_error");

    private ServerErrors() {}

    /** Says that the server broke the protocol; {@code what} follows "the server". */
    static StatusRuntimeException lied(String what) {
        return Refusal.of(Status.Code.UNAVAILABLE, Reason.ServerLied, "the server " + what);
    }

    static StatusRuntimeException failed(String what) {
        return Refusal.of(Status.Code.UNAVAILABLE, Reason.ServerFailed, "the server " + what);
    }

    static StatusRuntimeException silent(Duration limit) {
        return Refusal.of(
                Status.Code.UNAVAILABLE, Reason.ServerSilent, "the server sent nothing of an answer for " + limit);
    }

    static StatusRuntimeException away(String why) {
        return Refusal.of(Status.Code.UNAVAILABLE, Reason.ServerAway, why);
    }

    /**
     * Says why a request got no answer.
     *
     * @param status of HTTP
     * @param body what came with it, as far as it was read
     * @param retryAfter as the server asks
     */
    static StatusRuntimeException of(int status, String body, Optional<Duration> retryAfter) {
        Optional<JsonNode> error = ServerJson.error(body);
        String words = shown(error.flatMap(ServerJson::message).orElse(body));
        String said = "the server answered " + status + (words.isEmpty() ? "" : ": " + words);
        return switch (status) {
            case 400, 413, 422 ->
                Refusal.of(
                        Status.Code.INVALID_ARGUMENT,
                        error.filter(ServerErrors::tooLong).isPresent()
                                ? Reason.ContextExceeded
                                : Reason.RequestInvalid,
                        said);
            case 401, 403 ->
                Refusal.of(
                        Status.Code.FAILED_PRECONDITION,
                        Reason.ServerKeyRefused,
                        said + "; set LITTORAL_OPENAI_API_KEY to a key that it takes");
            case 404 -> Refusal.of(Status.Code.NOT_FOUND, Reason.ServerModelMissing, said);
            case 429 -> Refusal.of(Status.Code.RESOURCE_EXHAUSTED, Reason.ServerBusy, said, retryAfter);
            case 503 -> Refusal.of(Status.Code.UNAVAILABLE, Reason.ServerBusy, said, retryAfter);
            default -> Refusal.of(Status.Code.UNAVAILABLE, Reason.ServerFailed, said, retryAfter);
        };
    }

    private static boolean tooLong(JsonNode error) {
        return TOO_LONG.contains(error.path("code").asText())
                || TOO_LONG.contains(error.path("type").asText());
    }

    /** Shortens words of the server, and takes out what could disturb a log or a terminal. */
    static String shown(String words) {
        String plain = words.replaceAll("\\p{Cntrl}+", " ").strip();
        return plain.length() <= MOST_CHARACTERS ? plain : plain.substring(0, MOST_CHARACTERS) + "…";
    }
}
