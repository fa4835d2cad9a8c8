package dev.littoral.agent.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.protocol.agent.v1.FinishReason;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Is one event of a streamed answer.
 *
 * @param text of the answer, often empty
 * @param token whether it carries a token, shown or thought
 * @param finish why the answer ends, in its last events
 * @param usage the model's own counts, where the server tells them
 */
record Chunk(String text, boolean token, Optional<FinishReason> finish, Optional<Usage> usage) {

    private static final int MOST_TOKENS = 1 << 24;

    /** Counts tokens. */
    record Usage(int promptTokens, int completionTokens) {}

    /**
     * Reads an event's data.
     *
     * @throws io.grpc.StatusRuntimeException when it is an error, or nothing that the API sends
     */
    static Chunk parse(String data) {
        JsonNode node = ServerJson.read(data)
                .filter(JsonNode::isObject)
                .orElseThrow(() -> ServerErrors.lied("sent an event that is no JSON object"));
        Optional<JsonNode> error = ServerJson.error(node);
        if (error.isPresent()) {
            throw ServerErrors.of(status(error.get()), data, Optional.empty());
        }
        JsonNode choices = node.path("choices");
        if (!choices.isArray() || choices.size() > 1) {
            throw ServerErrors.lied("sent an event with other than one choice");
        }
        Optional<Usage> usage = usage(node.path("usage"));
        if (choices.isEmpty()) {
            return new Chunk("", false, Optional.empty(), usage);
        }
        return of(choices.get(0), usage);
    }

    private static Chunk of(JsonNode choice, Optional<Usage> usage) {
        if (choice.path("index").asInt(0) != 0) {
            throw ServerErrors.lied("sent a second answer");
        }
        JsonNode delta = choice.path("delta");
        String text = text(choice.path("text")) + text(delta.path("content"));
        // reasoning models send their thoughts apart: they take time and tokens but are not the answer
        String thought = text(delta.path("reasoning_content")) + text(delta.path("reasoning"));
        return new Chunk(text, !text.isEmpty() || !thought.isEmpty(), finish(choice.path("finish_reason")), usage);
    }

    private static String text(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return "";
        }
        if (!node.isTextual()) {
            throw ServerErrors.lied("sent a text that is none");
        }
        return node.asText();
    }

    private static Optional<FinishReason> finish(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return Optional.empty();
        }
        return switch (node.asText()) {
            case "stop" -> Optional.of(FinishReason.STOP);
            case "length" -> Optional.of(FinishReason.LENGTH);
            default -> throw ServerErrors.failed("ended the answer by '" + ServerErrors.shown(node.asText()) + "'");
        };
    }

    /** Passes over counts that cannot be; they are told for the record only. */
    private static Optional<Usage> usage(JsonNode node) {
        OptionalInt prompt = ServerJson.count(node.path("prompt_tokens"), MOST_TOKENS);
        OptionalInt completion = ServerJson.count(node.path("completion_tokens"), MOST_TOKENS);
        return prompt.isPresent() && completion.isPresent()
                ? Optional.of(new Usage(prompt.getAsInt(), completion.getAsInt()))
                : Optional.empty();
    }

    /** Takes the status that an error inside a stream names, 500 for none. */
    private static int status(JsonNode error) {
        int code = error.path("code").asInt(0);
        return code >= 400 && code < 600 ? code : 500;
    }
}
