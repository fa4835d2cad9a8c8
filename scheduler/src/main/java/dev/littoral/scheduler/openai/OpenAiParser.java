package dev.littoral.scheduler.openai;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
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
import dev.littoral.scheduler.request.SamplingSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads bodies of {@code /v1/chat/completions} and {@code /v1/completions}, naming the first field that is wrong. */
public final class OpenAiParser implements RequestParsing {

    /** Most tokens that a request may ask for, whatever the model. */
    static final int MOST_TOKENS = 1 << 20;

    /** What {@code /v1/completions} takes when {@code max_tokens} is absent. */
    private static final int COMPLETION_TOKENS = 16;

    private static final int MOST_STOPS = 4;
    private static final int MOST_STOP_CHARACTERS = 256;
    private static final int MOST_MODEL_CHARACTERS = 512;
    private static final ObjectReader READER = JsonMapper.builder()
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
        return new InferenceRequest(id, model, prompt, sampling(fields, chat), stream, usageWanted(fields, stream));
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

    private static SamplingSettings sampling(Fields fields, boolean chat) throws InvalidField {
        OptionalInt maxTokens = fields.integer("max_tokens", 1, MOST_TOKENS);
        OptionalInt newer = chat ? fields.integer("max_completion_tokens", 1, MOST_TOKENS) : OptionalInt.empty();
        if (newer.isPresent()) {
            maxTokens = newer;
        } else if (maxTokens.isEmpty() && !chat) {
            maxTokens = OptionalInt.of(COMPLETION_TOKENS);
        }
        double topP = fields.number("top_p", 1, 0, 1);
        if (topP == 0) {
            throw new InvalidField("top_p", "top_p must be above 0: for the likeliest token set temperature to 0");
        }
        return new SamplingSettings(
                fields.number("temperature", 1, 0, 2),
                topP,
                fields.integer("top_k", 0, MOST_TOKENS).orElse(0),
                fields.integer("seed"),
                maxTokens,
                stops(fields));
    }

    private static List<String> stops(Fields fields) throws InvalidField {
        Optional<JsonNode> stop = fields.get("stop");
        if (stop.isEmpty()) {
            return List.of();
        }
        List<String> stops = new ArrayList<>();
        Iterable<JsonNode> values = stop.orElseThrow().isArray() ? stop.orElseThrow() : List.of(stop.orElseThrow());
        for (JsonNode value : values) {
            if (!value.isTextual()
                    || value.textValue().isEmpty()
                    || value.textValue().length() > MOST_STOP_CHARACTERS
                    || stops.size() == MOST_STOPS) {
                throw new InvalidField(
                        "stop",
                        "stop must be a text, or at most " + MOST_STOPS + " of them, each of 1 to "
                                + MOST_STOP_CHARACTERS + " characters");
            }
            stops.add(value.textValue());
        }
        return List.copyOf(stops);
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
