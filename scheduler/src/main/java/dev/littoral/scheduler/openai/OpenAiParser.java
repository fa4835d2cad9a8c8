package dev.littoral.scheduler.openai;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.protocol.events.ErrorCode;
import dev.littoral.scheduler.request.Dialect;
import dev.littoral.scheduler.request.InferenceRequest;
import dev.littoral.scheduler.request.Outcome;
import dev.littoral.scheduler.request.Prompt;
import dev.littoral.scheduler.request.RequestParsing;
import java.util.Optional;

/** Reads bodies of {@code /v1/chat/completions} and {@code /v1/completions}, naming the first field that is wrong. */
public final class OpenAiParser implements RequestParsing {

    private static final int MOST_MODEL_CHARACTERS = 512;
    private static final int MOST_USER_CHARACTERS = 256;
    /** How long the answer will be, in tokens: for replays, where it is known. */
    static final String TOLD_ANSWER_TOKENS = "littoral_answer_tokens";

    private static final int MOST_TOLD_TOKENS = 1 << 20;
    private static final ObjectReader READER = JsonMapper.builder(JsonFactory.builder()
                    // buffers of a virtual thread would live as long as its one request
                    .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    @Override
    public Parsed parse(String id, Dialect dialect, String body) {
        try {
            return new Parsed.Valid(read(id, dialect, tree(body)));
        } catch (InvalidField e) {
            Outcome.Refused refusal = e.field().isEmpty()
                    ? Outcome.Refused.of(ErrorCode.INVALID_REQUEST, String.valueOf(e.getMessage()))
                    : Outcome.Refused.of(ErrorCode.INVALID_REQUEST, String.valueOf(e.getMessage()), e.field());
            return new Parsed.Invalid(refusal);
        }
    }

    private static ObjectNode tree(String body) throws InvalidField {
        if (body.isBlank()) {
            throw new InvalidField("", "the request has no body: send a JSON object");
        }
        JsonNode tree;
        try {
            tree = READER.readTree(body);
        } catch (JacksonException e) {
            throw new InvalidField("", "the body is not valid JSON: " + e.getOriginalMessage());
        }
        if (tree instanceof ObjectNode object) {
            return object;
        }
        throw new InvalidField("", "the body must be a JSON object");
    }

    private static InferenceRequest read(String id, Dialect dialect, ObjectNode body) throws InvalidField {
        Fields fields = new Fields(body);
        boolean chat = switch (dialect) {
            case CHAT -> true;
            case COMPLETIONS -> false;
            case EITHER -> fields.get("prompt").isEmpty();
        };
        String model = fields.text("model");
        if (model.length() > MOST_MODEL_CHARACTERS) {
            throw new InvalidField("model", "model must have at most " + MOST_MODEL_CHARACTERS + " characters");
        }
        UnsupportedFields.refuse(body, chat);
        Prompt prompt = chat ? Messages.read(fields) : new Prompt.Text(prompt(fields));
        boolean stream = fields.flag("stream");
        boolean inOnePiece = !stream && fields.get("stream").isPresent();
        return new InferenceRequest(
                id,
                model,
                prompt,
                SamplingFields.read(fields, chat),
                stream,
                usageWanted(fields, stream),
                inOnePiece,
                user(fields),
                fields.integer(TOLD_ANSWER_TOKENS, 0, MOST_TOLD_TOKENS));
    }

    /** Returns the user whom the client names; whatever else it may be is the client's own business. */
    private static Optional<String> user(Fields fields) {
        return fields.get("user")
                .or(() -> fields.get("safety_identifier"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .filter(user -> !user.isBlank() && user.length() <= MOST_USER_CHARACTERS);
    }

    private static String prompt(Fields fields) throws InvalidField {
        JsonNode prompt = fields.get("prompt").orElseThrow(() -> new InvalidField("prompt", "prompt is missing"));
        if (prompt.isArray() && prompt.size() == 1) {
            prompt = prompt.path(0);
        }
        if (!prompt.isTextual() || prompt.textValue().isEmpty()) {
            throw new InvalidField(
                    "prompt", "prompt must be one text that is not empty; several, or token ids, are not supported");
        }
        return prompt.textValue();
    }

    private static boolean usageWanted(Fields fields, boolean stream) throws InvalidField {
        Optional<JsonNode> options = fields.get("stream_options");
        if (options.isEmpty()) {
            return false;
        }
        if (!stream || !(options.orElseThrow() instanceof ObjectNode object)) {
            throw new InvalidField("stream_options", "stream_options must be an object and goes with stream: true");
        }
        for (String name : (Iterable<String>) object::fieldNames) {
            if (!name.equals("include_usage")) {
                throw new InvalidField("stream_options", "stream_options." + name + " is not supported");
            }
        }
        return new Fields(object).flag("include_usage");
    }
}
