package dev.littoral.engine.text;

import static dev.littoral.engine.text.ValueRule.ADDED_TEXT;
import static dev.littoral.engine.text.ValueRule.ANY;
import static dev.littoral.engine.text.ValueRule.CHARACTER;
import static dev.littoral.engine.text.ValueRule.FLAG;
import static dev.littoral.engine.text.ValueRule.LITERAL;
import static dev.littoral.engine.text.ValueRule.NULL;
import static dev.littoral.engine.text.ValueRule.NUMBER;
import static dev.littoral.engine.text.ValueRule.PATTERN;
import static dev.littoral.engine.text.ValueRule.TEXT;
import static dev.littoral.engine.text.ValueRule.TEXT_OR_NULL;
import static dev.littoral.engine.text.ValueRule.ZERO;
import static dev.littoral.engine.text.ValueRule.oneOf;
import static dev.littoral.engine.text.ValueRule.text;
import static dev.littoral.engine.text.ValueRule.upTo;

import java.util.Map;
import java.util.Set;

/** Lists the parts of tokenizers that are taken, with the rules of their fields. */
final class KnownParts {

    static final Set<String> TOP = Set.of(
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

    private static final Map<String, ValueRule> BYTE_LEVEL =
            Map.of("add_prefix_space", FLAG, "trim_offsets", FLAG, "use_regex", FLAG);
    private static final Map<String, ValueRule> METASPACE = Map.of(
            "replacement", CHARACTER,
            "str_rep", TEXT,
            "add_prefix_space", FLAG,
            "prepend_scheme", oneOf(SCHEMES),
            "split", FLAG);
    private static final Map<String, ValueRule> REPLACE = Map.of("pattern", LITERAL, "content", TEXT);

    static final Map<String, Map<String, ValueRule>> NORMALIZERS = Map.of(
            "NFC", Map.of(),
            "NFD", Map.of(),
            "NFKC", Map.of(),
            "NFKD", Map.of(),
            "Lowercase", Map.of(),
            "Prepend", Map.of("prepend", text(0, 16)),
            "Replace", REPLACE,
            "Sequence", Map.of("normalizers", ANY));
    static final Map<String, Map<String, ValueRule>> PRE_TOKENIZERS = Map.of(
            "ByteLevel", BYTE_LEVEL,
            "Split", Map.of("pattern", PATTERN, "behavior", oneOf(BEHAVIORS), "invert", FLAG),
            "Digits", Map.of("individual_digits", FLAG),
            "Punctuation", Map.of("behavior", oneOf(BEHAVIORS)),
            "Metaspace", METASPACE,
            "Sequence", Map.of("pretokenizers", ANY));
    static final Map<String, Map<String, ValueRule>> POST_PROCESSORS = Map.of(
            "ByteLevel", BYTE_LEVEL,
            "TemplateProcessing", Map.of("single", ANY, "pair", ANY, "special_tokens", ANY),
            "Sequence", Map.of("processors", ANY));
    static final Map<String, Map<String, ValueRule>> DECODERS = Map.of(
            "ByteLevel", BYTE_LEVEL,
            "Replace", REPLACE,
            "ByteFallback", Map.of(),
            "Fuse", Map.of(),
            "Strip", Map.of("content", CHARACTER, "start", upTo(16), "stop", ZERO),
            "Metaspace", METASPACE,
            "Sequence", Map.of("decoders", ANY));

    /** All of the model but what grows with the vocabulary. */
    static final Map<String, ValueRule> MODEL = Map.of(
            "type", ANY,
            "dropout", NULL,
            "unk_token", TEXT_OR_NULL,
            "continuing_subword_prefix", NULL,
            "end_of_word_suffix", NULL,
            "fuse_unk", FLAG,
            "byte_fallback", FLAG,
            "ignore_merges", FLAG);

    static final Map<String, ValueRule> ADDED = Map.of(
            "id", NUMBER,
            "content", ADDED_TEXT,
            "single_word", FLAG,
            "lstrip", FLAG,
            "rstrip", FLAG,
            "normalized", FLAG,
            "special", FLAG);

    private KnownParts() {}
}
