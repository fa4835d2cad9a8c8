package dev.littoral.engine.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.checkpoint.JsonFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The special tokens that transformers hands to a chat template by their names. */
final class SpecialTokens {

    /** What transformers' classes take for tokens that a checkpoint does not name. */
    private static final Map<String, Map<String, String>> DEFAULTS = Map.of(
            "LlamaTokenizer",
            Map.of("unk_token", "<unk>", "bos_token", "<s>", "eos_token", "</s>"),
            "GemmaTokenizer",
            Map.of(
                    "unk_token", "<unk>",
                    "bos_token", "<bos>",
                    "eos_token", "<eos>",
                    "pad_token", "<pad>",
                    "mask_token", "<mask>"),
            "Qwen2Tokenizer",
            Map.of("unk_token", "<|endoftext|>", "eos_token", "<|endoftext|>", "pad_token", "<|endoftext|>"));

    private static final String NAMED = "_token";

    private SpecialTokens() {}

    /**
     * Reads {@code tokenizer_config.json} and, where that lists no added tokens, {@code special_tokens_map.json}, which
     * then says more: every {@code .._token} with a text, and the named ones of {@code extra_special_tokens}.
     *
     * @throws dev.littoral.checkpoint.CheckpointException when the second is no JSON object
     */
    static Map<String, String> of(Path checkpoint, Optional<JsonFile> config) {
        Map<String, String> tokens = new HashMap<>();
        config.ifPresent(json -> {
            String type = json.field("tokenizer_class").asText("").replaceFirst("Fast$", "");
            tokens.putAll(DEFAULTS.getOrDefault(type, Map.of()));
            add(tokens, json.root());
        });
        if (config.filter(json -> json.root().has("added_tokens_decoder")).isEmpty()) {
            JsonFile.find(checkpoint, "special_tokens_map.json").ifPresent(json -> add(tokens, json.root()));
        }
        return tokens;
    }

    private static void add(Map<String, String> tokens, JsonNode object) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (field.getKey().endsWith(NAMED)) {
                put(tokens, field.getKey(), field.getValue());
            }
        }
        JsonNode extra = object.path("extra_special_tokens");
        if (extra.isObject()) {
            extra.properties().forEach(field -> put(tokens, field.getKey(), field.getValue()));
        }
    }

    private static void put(Map<String, String> tokens, String name, JsonNode value) {
        String text =
                value.isTextual() ? value.textValue() : value.path("content").asText("");
        if (!text.isEmpty()) {
            tokens.put(name, text);
        } else if (value.isNull()) {
            tokens.remove(name);
        }
    }
}
