package dev.littoral.engine.text;

import static dev.littoral.engine.text.ValueRule.MOST_ADDED_CHARACTERS;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Holds that each token of a template is told, and that only a template of two texts has a second one. */
record TemplateRules(TokenizerRules rules, String at) {

    private static final int MOST_IDS = 16;

    /**
     * Looks through a part of the kind TemplateProcessing.
     *
     * @throws dev.littoral.checkpoint.CheckpointException that names the field
     */
    void require(JsonNode part) {
        JsonNode tokens = part.path("special_tokens");
        rules.require(tokens.isObject(), at + ".special_tokens", "must be an object");
        for (Map.Entry<String, JsonNode> token : tokens.properties()) {
            token(token.getKey(), token.getValue());
        }
        pieces(at + ".single", part.path("single"), tokens, Set.of("A"));
        pieces(at + ".pair", part.path("pair"), tokens, Set.of("A", "B"));
    }

    private void token(String id, JsonNode token) {
        JsonNode ids = token.path("ids");
        JsonNode words = token.path("tokens");
        rules.require(
                token.path("id").asText().equals(id)
                        && ids.isArray()
                        && words.isArray()
                        && !ids.isEmpty()
                        && ids.size() <= MOST_IDS
                        && ids.size() == words.size(),
                at + ".special_tokens",
                "must tell of each token its id, 1 to " + MOST_IDS + " ids and as many tokens");
        for (int i = 0; i < ids.size(); i++) {
            String problem = ValueRule.NUMBER.problem(ids.path(i));
            rules.require(problem.isEmpty(), at + ".special_tokens.ids", problem);
            rules.require(
                    words.path(i).isTextual() && words.path(i).textValue().length() <= MOST_ADDED_CHARACTERS,
                    at + ".special_tokens.tokens",
                    "must be texts of at most " + MOST_ADDED_CHARACTERS + " characters");
        }
    }

    private void pieces(String field, JsonNode pieces, JsonNode tokens, Set<String> texts) {
        rules.require(
                pieces.isArray() && pieces.size() <= TokenizerRules.MOST_PARTS,
                field,
                "must be a list of at most " + TokenizerRules.MOST_PARTS);
        Set<String> there = new HashSet<>();
        for (JsonNode piece : pieces) {
            JsonNode text = piece.path("Sequence");
            JsonNode token = piece.path("SpecialToken");
            JsonNode one = text.isMissingNode() ? token : text;
            rules.require(
                    piece.size() == 1
                            && one.size() == 2
                            && ValueRule.upTo(1).problem(one.path("type_id")).isEmpty()
                            && (text.isMissingNode()
                                    ? tokens.has(token.path("id").asText())
                                    : texts.contains(text.path("id").asText())),
                    field,
                    "names a token that special_tokens does not have, or a text that there is not");
            rules.require(text.isMissingNode() || there.add(text.path("id").asText()), field, "has a text twice");
        }
    }
}
