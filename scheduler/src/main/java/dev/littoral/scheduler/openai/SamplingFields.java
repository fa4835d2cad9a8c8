package dev.littoral.scheduler.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.scheduler.request.SamplingSettings;
import dev.littoral.scheduler.request.SamplingSettings.Penalties;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Reads how tokens are to be chosen: the API's own fields, and {@code top_k}, {@code min_p} and
 * {@code repetition_penalty}, which open-source servers have.
 */
final class SamplingFields {

    /** Most tokens that a request may ask for, whatever the model. */
    static final int MOST_TOKENS = 1 << 20;

    /** What {@code /v1/completions} takes when {@code max_tokens} is absent. */
    private static final int COMPLETION_TOKENS = 16;

    private static final int MOST_STOPS = 4;
    private static final int MOST_STOP_CHARACTERS = 256;
    private static final int MOST_CHOICES = 16;
    private static final int MOST_BIASES = 1024;
    private static final int MOST_TOP_LOGPROBS = 20;
    private static final int MOST_TEXT_LOGPROBS = 5;
    private static final String JSON_OBJECT = "json_object";
    private static final Set<String> FORMATS = Set.of("text", JSON_OBJECT);
    private static final double LARGEST_REPETITION = 100;

    private SamplingFields() {}

    static SamplingSettings read(Fields fields, boolean chat) throws InvalidField {
        double topP = fields.number("top_p", 1, 0, 1);
        if (topP == 0) {
            throw new InvalidField("top_p", "top_p must be above 0: for the likeliest token set temperature to 0");
        }
        return new SamplingSettings(
                fields.number("temperature", 1, 0, 2),
                topP,
                // other servers have -1 for what is 0 here: all tokens
                Math.max(0, fields.integer("top_k", -1, MOST_TOKENS).orElse(0)),
                fields.number("min_p", 0, 0, 1),
                penalties(fields),
                logitBias(fields),
                jsonObject(fields),
                topLogprobs(fields, chat),
                fields.integer("seed"),
                maxTokens(fields, chat),
                stops(fields),
                choices(fields));
    }

    private static OptionalInt maxTokens(Fields fields, boolean chat) throws InvalidField {
        OptionalInt maxTokens = fields.integer("max_tokens", 1, MOST_TOKENS);
        OptionalInt newer = chat ? fields.integer("max_completion_tokens", 1, MOST_TOKENS) : OptionalInt.empty();
        if (newer.isPresent()) {
            return newer;
        }
        return maxTokens.isEmpty() && !chat ? OptionalInt.of(COMPLETION_TOKENS) : maxTokens;
    }

    private static Penalties penalties(Fields fields) throws InvalidField {
        double repetition = fields.number("repetition_penalty", 1, 0, LARGEST_REPETITION);
        if (repetition == 0) {
            throw new InvalidField("repetition_penalty", "repetition_penalty must be above 0: 1 is off");
        }
        return new Penalties(
                repetition, fields.number("presence_penalty", 0, -2, 2), fields.number("frequency_penalty", 0, -2, 2));
    }

    private static Map<Integer, Double> logitBias(Fields fields) throws InvalidField {
        Optional<JsonNode> value = fields.get("logit_bias");
        if (value.isEmpty()) {
            return Map.of();
        }
        if (!(value.orElseThrow() instanceof ObjectNode object) || object.size() > MOST_BIASES) {
            throw new InvalidField(
                    "logit_bias", "logit_bias must be an object of at most " + MOST_BIASES + " tokens' numbers");
        }
        Map<Integer, Double> biases = new HashMap<>();
        for (Map.Entry<String, JsonNode> bias : object.properties()) {
            JsonNode added = bias.getValue();
            if (!bias.getKey().matches("\\d{1,9}") || !added.isNumber() || !(Math.abs(added.doubleValue()) <= 100)) {
                throw new InvalidField(
                        "logit_bias", "logit_bias must give tokens' numbers and for each a number from -100 to 100");
            }
            biases.put(Integer.parseInt(bias.getKey()), added.doubleValue());
        }
        return biases;
    }

    /** Reads how many likely tokens are told with each: a chat says whether and how many, a text both in one number. */
    private static OptionalInt topLogprobs(Fields fields, boolean chat) throws InvalidField {
        if (!chat) {
            boolean off = fields.get("logprobs").filter(JsonNode::isBoolean).isPresent() && !fields.flag("logprobs");
            return off ? OptionalInt.empty() : fields.integer("logprobs", 0, MOST_TEXT_LOGPROBS);
        }
        OptionalInt top = fields.integer("top_logprobs", 0, MOST_TOP_LOGPROBS);
        if (fields.flag("logprobs")) {
            return OptionalInt.of(top.orElse(0));
        }
        if (top.orElse(0) > 0) {
            throw new InvalidField("top_logprobs", "top_logprobs goes with logprobs: true");
        }
        return OptionalInt.empty();
    }

    /** Says whether the answer must be a JSON object; refuses a schema by name, since it would not be kept to. */
    private static boolean jsonObject(Fields fields) throws InvalidField {
        Optional<JsonNode> format = fields.get("response_format");
        if (format.isEmpty()) {
            return false;
        }
        JsonNode type = format.orElseThrow().path("type");
        if (type.asText().equals("json_schema")) {
            throw new InvalidField(
                    "response_format",
                    "response_format of type json_schema is not supported: take json_object and put the schema into a"
                            + " message");
        }
        if (!type.isTextual()
                || !FORMATS.contains(type.textValue())
                || format.orElseThrow().size() != 1) {
            throw new InvalidField(
                    "response_format", "response_format must be {\"type\": \"text\"} or {\"type\": \"json_object\"}");
        }
        return type.textValue().equals(JSON_OBJECT);
    }

    private static int choices(Fields fields) throws InvalidField {
        int choices = fields.integer("n", 1, MOST_CHOICES).orElse(1);
        if (fields.integer("best_of", 1, MOST_CHOICES).orElse(choices) != choices) {
            throw new InvalidField("best_of", "best_of is not supported: leave it out, or give it the value of n");
        }
        return choices;
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
}
