package dev.littoral.scheduler.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.protocol.agent.v1.TokenChoice;
import dev.littoral.protocol.events.ErrorCode;
import dev.littoral.scheduler.directory.Deployment;
import dev.littoral.scheduler.request.FinishReason;
import dev.littoral.scheduler.request.InferenceRequest;
import dev.littoral.scheduler.request.Outcome;
import dev.littoral.scheduler.request.Piece;
import dev.littoral.scheduler.request.Prompt;
import dev.littoral.scheduler.request.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes the objects of the OpenAI API. */
public final class OpenAiJson {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private OpenAiJson() {}

    /** Writes a whole answer. */
    public static ObjectNode completion(Outcome.Answered answered, Instant created) {
        InferenceRequest request = answered.request();
        ObjectNode completion = head(request, created, chat(request) ? "chat.completion" : "text_completion");
        ArrayNode choices = completion.putArray("choices");
        for (Outcome.Choice given : answered.choices()) {
            ObjectNode choice = JSON.objectNode().put("index", choices.size());
            if (chat(request)) {
                choice.putObject("message").put("role", "assistant").put("content", given.text());
            } else {
                choice.put("text", given.text());
            }
            choice.set("logprobs", logprobs(request, given.tokens(), 0));
            choices.add(choice.put("finish_reason", name(given.reason())));
        }
        completion.set("usage", usage(answered.usage()));
        return completion;
    }

    /** Writes the chunk that begins a choice of a stream; a chat's names the role. */
    public static ObjectNode firstChunk(InferenceRequest request, Instant created, Piece piece) {
        return chat(request)
                ? chunk(
                        request,
                        created,
                        piece,
                        JSON.objectNode().put("role", "assistant").put("content", piece.text()),
                        Optional.empty())
                : chunk(request, created, piece);
    }

    /** Writes a chunk with a piece of the answer. */
    public static ObjectNode chunk(InferenceRequest request, Instant created, Piece piece) {
        return chunk(
                request,
                created,
                piece,
                JSON.objectNode().put(chat(request) ? "content" : "text", piece.text()),
                Optional.empty());
    }

    /** Writes the chunk that says why a choice ended. */
    public static ObjectNode lastChunk(InferenceRequest request, Instant created, int choice, FinishReason reason) {
        ObjectNode nothing =
                chat(request) ? JSON.objectNode() : JSON.objectNode().put("text", "");
        return chunk(request, created, new Piece(choice, ""), nothing, Optional.of(reason));
    }

    /** Writes the chunk without choices that counts tokens. */
    public static ObjectNode usageChunk(InferenceRequest request, Instant created, Usage usage) {
        ObjectNode chunk = head(request, created, chunkObject(request));
        chunk.putArray("choices");
        chunk.set("usage", usage(usage));
        return chunk;
    }

    /** Writes an error object. */
    public static ObjectNode error(Outcome.Refused refused) {
        String code = switch (refused.code()) {
            case MODEL_NOT_FOUND -> "model_not_found";
            case CONTEXT_EXCEEDED -> "context_length_exceeded";
            case INVALID_REQUEST, DEADLINE_EXCEEDED, CANCELLED, NO_CAPACITY, AGENT_LOST ->
                refused.code().name().toLowerCase(Locale.ROOT);
        };
        return error(refused.message(), type(refused), code, refused.parameter());
    }

    /** Writes an error object of these parts. */
    public static ObjectNode error(String message, String type, String code, Optional<String> parameter) {
        ObjectNode root = JSON.objectNode();
        ObjectNode error = root.putObject("error").put("message", message).put("type", type);
        error.put("param", parameter.orElse(null)).put("code", code);
        return root;
    }

    /** Writes the list of models. */
    public static ObjectNode models(List<Deployment> deployments) {
        ObjectNode list = JSON.objectNode().put("object", "list");
        var data = list.putArray("data");
        deployments.forEach(each -> data.add(model(each)));
        return list;
    }

    /** Writes one model. */
    public static ObjectNode model(Deployment deployment) {
        return JSON.objectNode()
                .put("id", deployment.servedName())
                .put("object", "model")
                .put("created", deployment.created().getEpochSecond())
                .put("owned_by", deployment.namespace());
    }

    private static String type(Outcome.Refused refused) {
        if (refused.statusCode() == 429) {
            return "rate_limit_error";
        }
        return refused.code() == ErrorCode.INVALID_REQUEST || refused.statusCode() < 499
                ? "invalid_request_error"
                : "server_error";
    }

    private static boolean chat(InferenceRequest request) {
        return request.prompt() instanceof Prompt.Chat;
    }

    private static JsonNode logprobs(InferenceRequest request, List<TokenChoice> tokens, int offset) {
        if (request.sampling().topLogprobs().isEmpty() || tokens.isEmpty()) {
            return JSON.nullNode();
        }
        return chat(request) ? LogprobsJson.ofChat(tokens) : LogprobsJson.ofText(tokens, offset);
    }

    private static String chunkObject(InferenceRequest request) {
        return chat(request) ? "chat.completion.chunk" : "text_completion";
    }

    private static ObjectNode chunk(
            InferenceRequest request, Instant created, Piece piece, ObjectNode delta, Optional<FinishReason> reason) {
        ObjectNode choice = JSON.objectNode().put("index", piece.choice());
        if (chat(request)) {
            choice.set("delta", delta);
        } else {
            choice.setAll(delta);
        }
        choice.set("logprobs", logprobs(request, piece.tokens(), piece.textOffset()));
        choice.put("finish_reason", reason.map(OpenAiJson::name).orElse(null));
        ObjectNode chunk = head(request, created, chunkObject(request));
        chunk.putArray("choices").add(choice);
        if (request.includeUsage()) {
            chunk.putNull("usage");
        }
        return chunk;
    }

    private static ObjectNode head(InferenceRequest request, Instant created, String object) {
        return JSON.objectNode()
                .put("id", request.id())
                .put("object", object)
                .put("created", created.getEpochSecond())
                .put("model", request.model());
    }

    private static ObjectNode usage(Usage usage) {
        return JSON.objectNode()
                .put("prompt_tokens", usage.promptTokens())
                .put("completion_tokens", usage.completionTokens())
                .put("total_tokens", usage.promptTokens() + usage.completionTokens());
    }

    private static String name(FinishReason reason) {
        return switch (reason) {
            case STOP -> "stop";
            case LENGTH -> "length";
        };
    }
}
