package dev.littoral.agent.serve;

import dev.littoral.agent.settings.AgentSettings;
import dev.littoral.agent.stage.Language;
import dev.littoral.engine.ChatTemplate;
import dev.littoral.engine.ChatTurn;
import dev.littoral.engine.Sampling;
import dev.littoral.protocol.agent.v1.ChatPrompt;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import io.grpc.Status;
import java.util.List;

/**
 * Is a request that can be served: its tokens, and how many may follow.
 *
 * @param tokens at least one
 * @param maxTokens of the answer, at least one
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Prompt(int[] tokens, int maxTokens, Sampling sampling, List<String> stops) {

    private static final int MOST_ID_CHARACTERS = 512;
    private static final int MOST_CHARACTERS_PER_TOKEN = 256;

    /** Checks everything that can be wrong with a request, the length of its prompt last. */
    static Prompt of(GenerateRequest request, AgentSettings settings, Language language) {
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
        Sampling sampling = SamplingRules.check(request.getSampling());
        List<String> stops = SamplingRules.stops(request.getSampling());
        checkSize(request, settings.stage().contextTokens());
        int[] tokens = tokens(request, language);
        return new Prompt(tokens, room(tokens.length, wanted, settings.stage().contextTokens()), sampling, stops);
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

    private static int[] tokens(GenerateRequest request, Language language) {
        int[] tokens = switch (request.getPromptCase()) {
            case CHAT -> language.tokenizer().encodeRendered(rendered(request.getChat(), language));
            case TEXT -> language.tokenizer().encode(request.getText());
            case PROMPT_NOT_SET -> throw invalid("prompt is missing: give chat or text");
        };
        if (tokens.length == 0) {
            throw invalid("prompt is empty: give at least one character");
        }
        return tokens;
    }

    private static String rendered(ChatPrompt chat, Language language) {
        if (chat.getMessagesCount() == 0) {
            throw invalid("chat has no message");
        }
        ChatTemplate template = language.template()
                .orElseThrow(() -> Refusal.of(
                        Status.Code.INVALID_ARGUMENT,
                        Reason.ChatTemplateMissing,
                        "the model has no chat template: send text instead of chat"));
        return template.render(chat.getMessagesList().stream()
                .map(message -> new ChatTurn(message.getRole(), message.getContent()))
                .toList());
    }

    /** Takes the context's rest for 0; the sum is a long, since both may be near the largest int. */
    private static int room(int promptTokens, int wanted, int contextTokens) {
        if (promptTokens + Math.max(1L, wanted) > contextTokens) {
            throw Refusal.of(
                    Status.Code.INVALID_ARGUMENT,
                    Reason.ContextExceeded,
                    "the prompt has " + promptTokens + " tokens"
                            + (wanted > 0 ? " and max_tokens is " + wanted : "")
                            + ", but the context holds " + contextTokens
                            + " tokens together: shorten the prompt or lower max_tokens");
        }
        return wanted > 0 ? wanted : contextTokens - promptTokens;
    }

    private static RuntimeException invalid(String problem) {
        return Refusal.of(Status.Code.INVALID_ARGUMENT, Reason.RequestInvalid, problem);
    }
}
