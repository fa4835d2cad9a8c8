package dev.littoral.agent.serve;

import dev.littoral.agent.settings.AgentSettings;
import dev.littoral.agent.stage.Language;
import dev.littoral.engine.ChatTemplate;
import dev.littoral.engine.ChatTurn;
import dev.littoral.engine.Sampling;
import dev.littoral.engine.Tokenizer;
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

    /** Checks everything that can be wrong with a request, the length of its prompt last. */
    static Prompt of(GenerateRequest request, AgentSettings settings, Language language) {
        RequestRules.check(request, settings);
        int wanted = request.getSampling().getMaxTokens();
        Sampling sampling = SamplingRules.check(request.getSampling());
        List<String> stops = SamplingRules.stops(request.getSampling());
        int[] tokens = tokens(request, language);
        return new Prompt(tokens, room(tokens.length, wanted, settings.stage().contextTokens()), sampling, stops);
    }

    private static int[] tokens(GenerateRequest request, Language language) {
        int[] tokens = switch (request.getPromptCase()) {
            case CHAT -> language.tokenizer().encodeRendered(encodable(rendered(request.getChat(), language)));
            case TEXT -> language.tokenizer().encode(encodable(request.getText()));
            case PROMPT_NOT_SET -> throw invalid("prompt is missing: give chat or text");
        };
        if (tokens.length == 0) {
            throw invalid("prompt is empty: give at least one character");
        }
        return tokens;
    }

    private static String encodable(String text) {
        if (text.length() > Tokenizer.MOST_CHARACTERS) {
            throw Refusal.of(
                    Status.Code.INVALID_ARGUMENT,
                    Reason.ContextExceeded,
                    "the prompt has " + text.length() + " characters, but at most " + Tokenizer.MOST_CHARACTERS
                            + " are taken: shorten the prompt");
        }
        return text;
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
