package dev.littoral.engine.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.checkpoint.CheckpointException;
import dev.littoral.checkpoint.JsonFile;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Lets through tokenizers of which every part and every field is known, and of which no value is known to end the process:
 * the tokenizers library (0.21.4) does so where it does not check its input. What is not listed here is refused by name.
 *
 * <p>The list covers byte-level and SentencePiece vocabularies of the BPE kind: those of Llama, Qwen, Mistral, Phi and
 * Gemma.
 */
record TokenizerRules(JsonFile json) {

    private static final int MOST_NESTED = 4;
    private static final int MOST_PARTS = 64;
    private static final int MOST_ADDED_CHARACTERS = 1000;
    private static final int MOST_TOKENS = 1 << 20;
    private static final int MOST_PREPENDED = 16;
    private static final int MOST_IDS = 16;

    /** Parts that make a text longer each time they are applied: byte-level ones double what is not ASCII. */
    private static final List<String> ONCE = List.of("Prepend", "ByteLevel", "Metaspace", "TemplateProcessing");

    private static final Set<String> TOP = Set.of(
            "version",
            "truncation",
            "padding",
            "added_tokens",
            "normalizer",
            "pre_tokenizer",
            "post_processor",
            "decoder",
            "model");
    private static final Set<String> BEHAVIORS =
            Set.of("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous");
    private static final Set<String> SCHEMES = Set.of("always", "first", "never");

    /** Says whether a value of a field may stand. */
    private interface Rule {

        /** Gives what is wrong with it, empty when nothing is. */
        String problem(JsonNode value);
    }

    private static final Rule FLAG = value -> value.isBoolean() ? "" : "must be true or false";
    private static final Rule TEXT = value -> value.isTextual() ? "" : "must be a text";
    private static final Rule NULL =
            value -> value.isNull() || (value.isTextual() && value.textValue().isEmpty()) ? "" : "must be null";
    private static final Rule CHARACTER = value -> value.isTextual()
                    && value.textValue().codePointCount(0, value.textValue().length()) == 1
            ? ""
            : "must be one character";
    private static final Rule ZERO = value -> value.isIntegralNumber() && value.asLong(-1) == 0 ? "" : "must be 0";
    private static final Rule FEW = value -> whole(value, 16) ? "" : "must be a whole number from 0 to 16";
    private static final Rule ANY = value -> "";
    private static final Rule LITERAL = TokenizerRules::literalProblem;
    private static final Rule PATTERN = value -> value.path("Regex").isTextual() && value.size() == 1
            ? SplitPattern.problem(value.path("Regex").textValue())
            : literalProblem(value);

    private static final Map<String, Rule> BYTE_LEVEL =
            Map.of("add_prefix_space", FLAG, "trim_offsets", FLAG, "use_regex", FLAG);
    private static final Map<String, Rule> METASPACE = Map.of(
            "replacement", CHARACTER,
            "str_rep", TEXT,
            "add_prefix_space", FLAG,
            "prepend_scheme", oneOf(SCHEMES),
            "split", FLAG);
    private static final Map<String, Rule> REPLACE = Map.of("pattern", LITERAL, "content", TEXT);

    private static final Map<String, Map<String, Rule>> NORMALIZERS = Map.of(
            "NFC", Map.of(),
            "NFD", Map.of(),
            "NFKC", Map.of(),
            "NFKD", Map.of(),
            "Lowercase", Map.of(),
            "Prepend", Map.of("prepend", TokenizerRules::prependProblem),
            "Replace", REPLACE,
            "Sequence", Map.of("normalizers", ANY));
    private static final Map<String, Map<String, Rule>> PRE_TOKENIZERS = Map.of(
            "ByteLevel", BYTE_LEVEL,
            "Split", Map.of("pattern", PATTERN, "behavior", oneOf(BEHAVIORS), "invert", FLAG),
            "Digits", Map.of("individual_digits", FLAG),
            "Punctuation", Map.of("behavior", oneOf(BEHAVIORS)),
            "Metaspace", METASPACE,
            "Sequence", Map.of("pretokenizers", ANY));
    private static final Map<String, Map<String, Rule>> POST_PROCESSORS = Map.of(
            "ByteLevel", BYTE_LEVEL,
            "TemplateProcessing", Map.of("single", ANY, "pair", ANY, "special_tokens", ANY),
            "Sequence", Map.of("processors", ANY));
    private static final Map<String, Map<String, Rule>> DECODERS = Map.of(
            "ByteLevel", BYTE_LEVEL,
            "Replace", REPLACE,
            "ByteFallback", Map.of(),
            "Fuse", Map.of(),
            "Strip", Map.of("content", CHARACTER, "start", FEW, "stop", ZERO),
            "Metaspace", METASPACE,
            "Sequence", Map.of("decoders", ANY));
    private static final Map<String, Rule> MODEL = Map.ofEntries(
            Map.entry("dropout", NULL),
            Map.entry("unk_token", value -> value.isNull() ? "" : TEXT.problem(value)),
            Map.entry("continuing_subword_prefix", NULL),
            Map.entry("end_of_word_suffix", NULL),
            Map.entry("fuse_unk", FLAG),
            Map.entry("byte_fallback", FLAG),
            Map.entry("ignore_merges", FLAG),
            Map.entry("vocab", TokenizerRules::vocabularyProblem),
            Map.entry("merges", TokenizerRules::mergesProblem));
    private static final Map<String, Rule> ADDED = Map.of(
            "id", TokenizerRules::numberProblem,
            "content",
                    value -> value.isTextual()
                                    && !value.textValue().isEmpty()
                                    && value.textValue().length() <= MOST_ADDED_CHARACTERS
                            ? ""
                            : "must be a text of 1 to " + MOST_ADDED_CHARACTERS + " characters",
            "single_word", FLAG,
            "lstrip", FLAG,
            "rstrip", FLAG,
            "normalized", FLAG,
            "special", FLAG);

    /**
     * Looks through a tokenizer.json.
     *
     * @throws CheckpointException that names the field
     */
    void require() {
        json.root().fieldNames().forEachRemaining(name -> require(TOP.contains(name), name, "is not known here"));
        JsonNode added = json.field("added_tokens");
        require(
                added.isMissingNode() || (added.isArray() && added.size() <= MOST_TOKENS),
                "added_tokens",
                "is no list");
        for (JsonNode token : added) {
            fields("added_tokens", token, ADDED, false);
        }
        part("normalizer", json.field("normalizer"), NORMALIZERS, this::replaced, 0);
        part("pre_tokenizer", json.field("pre_tokenizer"), PRE_TOKENIZERS, this::nothingMore, 0);
        part("post_processor", json.field("post_processor"), POST_PROCESSORS, this::template, 0);
        part("decoder", json.field("decoder"), DECODERS, this::replaced, 0);
        for (String field : List.of("normalizer", "pre_tokenizer", "post_processor", "decoder")) {
            List<String> types = json.field(field).findValuesAsText("type");
            for (String once : ONCE) {
                require(Collections.frequency(types, once) <= 1, field + "." + once, "must not be there twice");
            }
        }
        JsonNode model = json.field("model");
        String type = model.path("type").asText("BPE");
        require(type.equals("BPE"), "model.type", "is " + type + ", but only BPE is taken");
        fields("model", model, MODEL, true);
    }

    private void part(
            String at,
            JsonNode part,
            Map<String, Map<String, Rule>> known,
            BiConsumer<String, JsonNode> more,
            int depth) {
        if (part.isMissingNode() || part.isNull()) {
            return;
        }
        String type = part.path("type").asText();
        Map<String, Rule> fields = known.get(type);
        if (fields == null) {
            throw refused(at + ".type", "'" + type + "' is not known here");
        }
        String path = at + "." + type;
        require(depth < MOST_NESTED, path, "is nested too deeply");
        fields(path, part, fields, true);
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

    private void fields(String at, JsonNode part, Map<String, Rule> known, boolean typed) {
        require(part.isObject(), at, "must be an object");
        for (Map.Entry<String, JsonNode> field : part.properties()) {
            if (typed && field.getKey().equals("type")) {
                continue;
            }
            Rule rule = known.get(field.getKey());
            if (rule == null) {
                throw refused(at + "." + field.getKey(), "is not known here");
            }
            String problem = rule.problem(field.getValue());
            require(problem.isEmpty(), at + "." + field.getKey(), problem);
        }
    }

    private void nothingMore(String at, JsonNode part) {}

    /** Holds that no text grows: how long it may be is checked before it is normalized, and after it is decoded never. */
    private void replaced(String at, JsonNode part) {
        if (part.path("type").asText().equals("Replace")) {
            int most = part.path("pattern").path("String").asText().length();
            require(part.path("content").asText().length() <= most, at + ".content", "is longer than the pattern");
        }
    }

    /** Holds that each token of a template is told, and that only a template of two texts has a second one. */
    private void template(String at, JsonNode part) {
        if (!part.path("type").asText().equals("TemplateProcessing")) {
            return;
        }
        JsonNode tokens = part.path("special_tokens");
        require(tokens.isObject(), at + ".special_tokens", "must be an object");
        for (Map.Entry<String, JsonNode> token : tokens.properties()) {
            JsonNode ids = token.getValue().path("ids");
            JsonNode words = token.getValue().path("tokens");
            require(
                    token.getValue().path("id").asText().equals(token.getKey())
                            && ids.isArray()
                            && words.isArray()
                            && !ids.isEmpty()
                            && ids.size() <= MOST_IDS
                            && ids.size() == words.size(),
                    at + ".special_tokens",
                    "must tell of each token its id, 1 to " + MOST_IDS + " ids and as many tokens");
            for (int i = 0; i < ids.size(); i++) {
                require(numberProblem(ids.path(i)).isEmpty(), at + ".special_tokens.ids", numberProblem(ids.path(i)));
                require(
                        words.path(i).isTextual() && words.path(i).textValue().length() <= MOST_ADDED_CHARACTERS,
                        at + ".special_tokens.tokens",
                        "must be texts of at most " + MOST_ADDED_CHARACTERS + " characters");
            }
        }
        pieces(at + ".single", part.path("single"), tokens, Set.of("A"));
        pieces(at + ".pair", part.path("pair"), tokens, Set.of("A", "B"));
    }

    private void pieces(String at, JsonNode pieces, JsonNode tokens, Set<String> texts) {
        require(pieces.isArray() && pieces.size() <= MOST_PARTS, at, "must be a list of at most " + MOST_PARTS);
        Set<String> there = new HashSet<>();
        for (JsonNode piece : pieces) {
            JsonNode text = piece.path("Sequence");
            JsonNode token = piece.path("SpecialToken");
            JsonNode one = text.isMissingNode() ? token : text;
            require(
                    piece.size() == 1
                            && one.size() == 2
                            && whole(one.path("type_id"), 1)
                            && (text.isMissingNode()
                                    ? tokens.has(token.path("id").asText())
                                    : texts.contains(text.path("id").asText())),
                    at,
                    "names a token that special_tokens does not have, or a text that there is not");
            require(text.isMissingNode() || there.add(text.path("id").asText()), at, "has a text twice");
        }
    }

    private static String prependProblem(JsonNode text) {
        return text.isTextual() && text.textValue().length() <= MOST_PREPENDED
                ? ""
                : "must be a text of at most " + MOST_PREPENDED + " characters";
    }

    private static String literalProblem(JsonNode pattern) {
        JsonNode text = pattern.path("String");
        return pattern.size() == 1 && text.isTextual() && !text.textValue().isEmpty()
                ? ""
                : "must be {\"String\": text}";
    }

    private static Rule oneOf(Set<String> words) {
        return value -> value.isTextual() && words.contains(value.textValue()) ? "" : "must be one of " + words;
    }

    private static String vocabularyProblem(JsonNode vocabulary) {
        if (!vocabulary.isObject() || vocabulary.size() > MOST_TOKENS) {
            return "must be an object of at most " + MOST_TOKENS + " tokens";
        }
        for (JsonNode number : vocabulary) {
            if (!numberProblem(number).isEmpty()) {
                return numberProblem(number);
            }
        }
        return "";
    }

    private static String mergesProblem(JsonNode merges) {
        if (!merges.isArray()) {
            return "must be a list";
        }
        for (JsonNode merge : merges) {
            boolean pair = merge.size() == 2
                    && merge.path(0).isTextual()
                    && merge.path(1).isTextual();
            if (!merge.isTextual() && !pair) {
                return "must be texts or pairs of texts";
            }
        }
        return "";
    }

    private static String numberProblem(JsonNode number) {
        return whole(number, MOST_TOKENS - 1) ? "" : "must be a whole number from 0 to " + (MOST_TOKENS - 1);
    }

    private static boolean whole(JsonNode value, int most) {
        return value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= 0 && value.intValue() <= most;
    }

    private void require(boolean holds, String field, String problem) {
        if (!holds) {
            throw refused(field, problem);
        }
    }

    private CheckpointException refused(String field, String problem) {
        return json.invalid(
                field,
                problem
                        + "; the tokenizers library could end the process with it, so only what is known is taken: use the"
                        + " tokenizer.json that the model was published with, or say that its kind is missing");
    }
}
