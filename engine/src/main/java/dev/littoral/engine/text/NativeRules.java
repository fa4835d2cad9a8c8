package dev.littoral.engine.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.checkpoint.CheckpointException;
import dev.littoral.checkpoint.JsonFile;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Refuses what the tokenizers library (0.21.4) does not check itself: there it ends the whole process. A fuzz test found
 * each of them.
 */
record NativeRules(JsonFile json) {

    /**
     * Looks through a tokenizer.json.
     *
     * @throws CheckpointException that names the field
     */
    void require() {
        find("Strip", "decoder", part -> part.path("stop").asDouble() != 0).ifPresent(part -> {
            throw json.invalid("decoder", "a Strip decoder cuts at the end (stop), where the library fails");
        });
        find("TemplateProcessing", "post_processor", NativeRules::lacksToken).ifPresent(part -> {
            throw json.invalid("post_processor", "a template names a token that special_tokens does not have");
        });
        if (shorterThanPrefix(json.field("model"))) {
            throw json.invalid("model", "a merge's second part does not begin with continuing_subword_prefix");
        }
    }

    private Optional<JsonNode> find(String type, String field, Predicate<JsonNode> unsafe) {
        return json.root().path(field).findParents("type").stream()
                .filter(part -> part.path("type").asText().equals(type))
                .filter(unsafe)
                .findFirst();
    }

    private static boolean lacksToken(JsonNode template) {
        JsonNode known = template.path("special_tokens");
        for (String side : new String[] {"single", "pair"}) {
            for (JsonNode piece : template.path(side)) {
                JsonNode token = piece.path("SpecialToken").path("id");
                if (!token.isMissingNode() && !known.has(token.asText())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean shorterThanPrefix(JsonNode model) {
        String prefix = model.path("continuing_subword_prefix").asText("");
        if (prefix.isEmpty() || model.path("continuing_subword_prefix").isNull()) {
            return false;
        }
        for (JsonNode merge : model.path("merges")) {
            String second = merge.isArray()
                    ? merge.path(1).asText()
                    : merge.asText().substring(merge.asText().indexOf(' ') + 1);
            if (!second.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }
}
