package dev.littoral.scheduler.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Refuses by name what would change an answer and is not served; ignores what does not change it. */
final class UnsupportedFields {

    private static final Set<String> COMMON = Set.of(
            "model",
            "max_tokens",
            "temperature",
            "top_p",
            "top_k",
            "min_p",
            "seed",
            "stop",
            "n",
            "best_of",
            "logprobs",
            "logit_bias",
            "frequency_penalty",
            "presence_penalty",
            "repetition_penalty",
            "response_format",
            "stream",
            "stream_options",
            OpenAiParser.TOLD_ANSWER_TOKENS);
    private static final Set<String> OF_CHAT = Set.of("messages", "max_completion_tokens", "top_logprobs");
    private static final Set<String> OF_COMPLETIONS = Set.of("prompt");
    /** Bookkeeping of the client's own. */
    private static final Set<String> IGNORED = Set.of("user", "metadata", "safety_identifier", "prompt_cache_key");
    /** Known parameters, with the values that ask for nothing. */
    private static final Map<String, Predicate<JsonNode>> NEUTRAL = Map.ofEntries(
            Map.entry("echo", UnsupportedFields::off),
            Map.entry("store", UnsupportedFields::off),
            Map.entry("top_logprobs", value -> is(value, 0)),
            Map.entry("tools", UnsupportedFields::hollow),
            Map.entry("functions", UnsupportedFields::hollow),
            Map.entry("tool_choice", value -> value.asText().equals("none")),
            Map.entry("function_call", value -> value.asText().equals("none")),
            Map.entry("parallel_tool_calls", JsonNode::isBoolean),
            Map.entry("service_tier", value -> value.asText().equals("auto")),
            Map.entry(
                    "modalities",
                    value -> value.size() == 1 && value.path(0).asText().equals("text")),
            Map.entry("suffix", value -> value.asText().isEmpty()));

    private UnsupportedFields() {}

    static void refuse(ObjectNode body, boolean chat) throws InvalidField {
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            String name = field.getKey();
            if (field.getValue().isNull() || COMMON.contains(name) || IGNORED.contains(name)) {
                continue;
            }
            if ((chat ? OF_CHAT : OF_COMPLETIONS).contains(name)) {
                continue;
            }
            Predicate<JsonNode> neutral = NEUTRAL.get(name);
            if (neutral == null) {
                throw new InvalidField(name, "parameter " + name + " is not known here: leave it out");
            }
            if (!neutral.test(field.getValue())) {
                throw new InvalidField(name, "parameter " + name + " is not supported with this value: leave it out");
            }
        }
    }

    private static boolean is(JsonNode value, int number) {
        return value.isNumber() && value.doubleValue() == number;
    }

    private static boolean off(JsonNode value) {
        return value.isBoolean() && !value.booleanValue();
    }

    private static boolean hollow(JsonNode value) {
        return value.isContainerNode() && value.isEmpty();
    }
}
