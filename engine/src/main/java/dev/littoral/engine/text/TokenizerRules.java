package dev.littoral.engine.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.checkpoint.CheckpointException;
import dev.littoral.checkpoint.CheckpointException.Reason;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Lets through tokenizers of which every part and every field is known, and of which no value is known to end the process:
 * the tokenizers library (0.21.4) does so where it does not check its input. What is not listed in {@link KnownParts} is
 * refused by name.
 *
 * <p>The list covers byte-level and SentencePiece vocabularies of the BPE kind: those of Llama, Qwen, Mistral, Phi and
 * Gemma.
 *
 * @param file that errors name
 */
record TokenizerRules(String file) {

    static final int MOST_PARTS = 64;

    private static final int MOST_NESTED = 4;

    /** Parts that make a text longer each time they are applied: byte-level ones double what is not ASCII. */
    private static final List<String> ONCE = List.of("Prepend", "ByteLevel", "Metaspace", "TemplateProcessing");

    /**
     * Looks through all that does not grow with the vocabulary.
     *
     * @param rest the fields of tokenizer.json but for its added tokens, its words and its merges
     * @throws CheckpointException that names the field
     */
    void requireRest(JsonNode rest) {
        part("normalizer", rest.path("normalizer"), KnownParts.NORMALIZERS, this::replaced, 0);
        part("pre_tokenizer", rest.path("pre_tokenizer"), KnownParts.PRE_TOKENIZERS, (at, part) -> {}, 0);
        part("post_processor", rest.path("post_processor"), KnownParts.POST_PROCESSORS, this::template, 0);
        part("decoder", rest.path("decoder"), KnownParts.DECODERS, this::replaced, 0);
        for (String field : List.of("normalizer", "pre_tokenizer", "post_processor", "decoder")) {
            List<String> types = rest.path(field).findValuesAsText("type");
            for (String once : ONCE) {
                require(Collections.frequency(types, once) <= 1, field + "." + once, "must not be there twice");
            }
        }
        JsonNode model = rest.path("model");
        requireType(model.path("type"));
        fields("model", model, KnownParts.MODEL);
    }

    /** Looks at the model's kind. */
    void requireType(JsonNode type) {
        require(type.asText("BPE").equals("BPE"), "model.type", "is " + type.asText() + ", but only BPE is taken");
    }

    /** Looks at one of the tokens that are matched before all others. */
    void requireAdded(JsonNode token) {
        fields("added_tokens", token, KnownParts.ADDED);
    }

    private void part(
            String at,
            JsonNode part,
            Map<String, Map<String, ValueRule>> known,
            BiConsumer<String, JsonNode> more,
            int depth) {
        if (part.isMissingNode() || part.isNull()) {
            return;
        }
        String type = part.path("type").asText();
        Map<String, ValueRule> fields = known.get(type);
        if (fields == null) {
            throw refused(at + ".type", "'" + type + "' is not known here");
        }
        String path = at + "." + type;
        require(depth < MOST_NESTED, path, "is nested too deeply");
        require(part.isObject(), path, "must be an object");
        for (Map.Entry<String, JsonNode> field : part.properties()) {
            if (!field.getKey().equals("type")) {
                field(path, field, fields);
            }
        }
        if (type.equals("Sequence")) {
            JsonNode parts = part.path(fields.keySet().iterator().next());
            require(parts.isArray() && parts.size() <= MOST_PARTS, path, "must be a list of at most " + MOST_PARTS);
            for (JsonNode each : parts) {
                require(each.isObject(), path, "has a part that is no object");
                part(path, each, known, more, depth + 1);
            }
        } else {
            more.accept(path, part);
        }
    }

    private void fields(String at, JsonNode part, Map<String, ValueRule> known) {
        require(part.isObject(), at, "must be an object");
        for (Map.Entry<String, JsonNode> field : part.properties()) {
            field(at, field, known);
        }
    }

    private void field(String at, Map.Entry<String, JsonNode> field, Map<String, ValueRule> known) {
        ValueRule rule = known.get(field.getKey());
        if (rule == null) {
            throw refused(at + "." + field.getKey(), "is not known here");
        }
        String problem = rule.problem(field.getValue());
        require(problem.isEmpty(), at + "." + field.getKey(), problem);
    }

    /** Holds that no text grows: how long it may be is checked before it is normalized, and after it is decoded never. */
    private void replaced(String at, JsonNode part) {
        if (part.path("type").asText().equals("Replace")) {
            int most = part.path("pattern").path("String").asText().length();
            require(part.path("content").asText().length() <= most, at + ".content", "is longer than the pattern");
        }
    }

    private void template(String at, JsonNode part) {
        if (part.path("type").asText().equals("TemplateProcessing")) {
            new TemplateRules(this, at).require(part);
        }
    }

    void require(boolean holds, String field, String problem) {
        if (!holds) {
            throw refused(field, problem);
        }
    }

    private CheckpointException refused(String field, String problem) {
        return new CheckpointException(
                Reason.ConfigInvalid,
                file,
                field,
                problem
                        + "; the tokenizers library could end the process with it, so only what is known is taken: use the"
                        + " tokenizer.json that the model was published with, or say that its kind is missing");
    }
}
