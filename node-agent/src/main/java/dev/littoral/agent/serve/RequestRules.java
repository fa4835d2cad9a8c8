package dev.littoral.agent.serve;

import dev.littoral.agent.settings.ServiceSettings;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import io.grpc.Status;

/** Checks what can be wrong with a request before anything is known of its tokens. */
public final class RequestRules {

    /** Most characters that one token is taken to stand for. */
    public static final int MOST_CHARACTERS_PER_TOKEN = 256;

    private static final int MOST_ID_CHARACTERS = 512;

    private RequestRules() {}

    /** Refuses a request that can never be served as it is. */
    public static void check(GenerateRequest request, ServiceSettings settings) {
        checkId(request.getId());
        if (!request.getModel().equals(settings.model())) {
            throw Refusal.of(
                    Status.Code.NOT_FOUND,
                    Reason.ModelUnknown,
                    "this agent serves the model '" + settings.model() + "' only");
        }
        int wanted = request.getSampling().getMaxTokens();
        if (wanted < 0) {
            throw invalid("max_tokens is " + wanted + ": give at least 1, or 0 for up to the context's end");
        }
        var _ = SamplingRules.check(request.getSampling());
        var _ = SamplingRules.stops(request.getSampling());
        checkSize(request, settings.contextTokens());
    }

    static void checkId(String id) {
        if (id.isBlank() || id.length() > MOST_ID_CHARACTERS) {
            throw invalid("id must have 1 to " + MOST_ID_CHARACTERS + " characters");
        }
    }

    /** Refuses what is too long by far before it takes the memory of being tokenised. */
    private static void checkSize(GenerateRequest request, int contextTokens) {
        long characters = request.getText().length()
                + request.getChat().getMessagesList().stream()
                        .mapToLong(message -> message.getContent().length()
                                + message.getRole().length())
                        .sum();
        if (characters > (long) MOST_CHARACTERS_PER_TOKEN * contextTokens) {
            throw Refusal.of(
                    Status.Code.INVALID_ARGUMENT,
                    Reason.ContextExceeded,
                    "the prompt has " + characters + " characters, far more than the context of " + contextTokens
                            + " tokens holds: shorten the prompt");
        }
    }

    private static RuntimeException invalid(String problem) {
        return Refusal.of(Status.Code.INVALID_ARGUMENT, Reason.RequestInvalid, problem);
    }
}
