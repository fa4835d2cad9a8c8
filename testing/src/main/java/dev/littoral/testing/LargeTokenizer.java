package dev.littoral.testing;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes a {@code tokenizer.json} as large as those of well-known families, in the layout in which they are published:
 * as many words, and as many merges as their words have halves. The words themselves are drawn, always the same ones.
 */
public enum LargeTokenizer {
    /** As Gemma 3's: 262,144 words, bytes as words of their own, merges as pairs, a line for each text. */
    GEMMA_3(
            262_144,
            6_000,
            514_906,
            """
              "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"},
              "pre_tokenizer": {"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious", "invert": false},
              "post_processor": null,
              "decoder": {"type": "Sequence", "decoders": [
                {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}]},
            """,
            "\"unk_token\": \"<unk>\", \"fuse_unk\": true, \"byte_fallback\": true, \"ignore_merges\": false"),
    /** As Llama 3's: 128,256 words in characters that stand for bytes, merges as texts. */
    LLAMA_3(
            128_256,
            256,
            280_147,
            """
              "normalizer": null,
              "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
                {"type": "Split", "pattern": {"Regex": "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}{1,3}| ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+"}, "behavior": "Isolated", "invert": false},
                {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}]},
              "post_processor": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": false, "use_regex": true},
              "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true},
            """,
            "\"unk_token\": null, \"fuse_unk\": false, \"byte_fallback\": false, \"ignore_merges\": true");

    private static final int LONGEST = 16;
    /** Where among the characters, in the order of ASCII behind the blank, the lower letters stand. */
    private static final int FIRST_LETTER = 'a' - '!';

    private static final int LETTERS = 8;

    private final int words;
    private final int special;
    private final int merges;
    private final String parts;
    private final String modelFields;

    LargeTokenizer(int words, int special, int merges, String parts, String modelFields) {
        this.words = words;
        this.special = special;
        this.merges = merges;
        this.parts = parts;
        this.modelFields = modelFields;
    }

    /** Counts its words, special ones included. */
    public int words() {
        return words;
    }

    /** Gives the token of a printable character of ASCII but the blank. */
    public int numberOf(char character) {
        return (this == GEMMA_3 ? special + 256 : 0) + character - '!';
    }

    /**
     * Writes the file.
     *
     * @throws IOException when it cannot be written
     */
    public void write(Path file) throws IOException {
        List<String> vocabulary = new ArrayList<>(words);
        if (this == GEMMA_3) {
            vocabulary.addAll(List.of("<pad>", "<eos>", "<bos>", "<unk>"));
            IntStream.range(0, special - 4).forEach(i -> vocabulary.add("<unused" + i + ">"));
            IntStream.range(0, 256).forEach(i -> vocabulary.add("<0x%02X>".formatted(i)));
        }
        Map<String, Integer> known = new HashMap<>(words * 2);
        vocabulary.forEach(word -> known.put(word, known.size()));
        List<String> drawn = characters();
        int room = this == GEMMA_3 ? words - vocabulary.size() : words - special;
        SplittableRandom random = new SplittableRandom(42);
        drawn.forEach(word -> known.put(word, known.size()));
        while (drawn.size() < room) {
            // most words are drawn of a few letters, so that their halves are words, too
            String left = drawn.get(
                    random.nextInt(random.nextInt(12) == 0 ? drawn.size() : Math.min(drawn.size(), room / 16)));
            String word = left
                    + drawn.get(FIRST_LETTER + random.nextInt(random.nextInt(30) > 0 ? LETTERS : drawn.size() / 4));
            if (word.codePointCount(0, word.length()) <= LONGEST && known.putIfAbsent(word, known.size()) == null) {
                drawn.add(word);
            }
        }
        vocabulary.addAll(drawn);
        try (Writer out = Files.newBufferedWriter(file)) {
            out.write(
                    "{\n  \"version\": \"1.0\",\n  \"truncation\": null,\n  \"padding\": null,\n  \"added_tokens\": [");
            for (int i = 0; i < special; i++) {
                int number = this == GEMMA_3 ? i : room + i;
                String content = this == GEMMA_3 ? vocabulary.get(i) : "<|reserved_special_token_" + i + "|>";
                out.write((i == 0 ? "" : ",") + """

                            {
                              "id": %d,
                              "content": "%s",
                              "single_word": false,
                              "lstrip": false,
                              "rstrip": false,
                              "normalized": false,
                              "special": true
                            }""".formatted(number, content));
            }
            out.write("\n  ],\n" + parts + "  \"model\": {\n    \"type\": \"BPE\", \"dropout\": null, "
                    + "\"continuing_subword_prefix\": null, \"end_of_word_suffix\": null, " + modelFields
                    + ",\n    \"vocab\": {");
            for (int i = 0; i < vocabulary.size(); i++) {
                out.write((i == 0 ? "\n" : ",\n") + "      \"" + escaped(vocabulary.get(i)) + "\": " + i);
            }
            out.write("\n    },\n    \"merges\": [");
            writeMerges(drawn, known, out);
            out.write("\n    ]\n  }\n}\n");
        }
    }

    /** Lists the characters that words are drawn of, ASCII first. */
    private List<String> characters() {
        IntStream more = this == GEMMA_3
                // the blank's, then Latin, Greek, Cyrillic, Kana, Han and a pair of surrogates
                ? IntStream.concat(
                        IntStream.of(0x2581, 0x1F600),
                        IntStream.of(0xC0, 0x391, 0x410, 0x3042, 0x4E00)
                                .flatMap(first -> IntStream.range(first, first + 64)))
                : IntStream.range(0, 256).map(LargeTokenizer::characterOf).filter(c -> c < '!' || c > '~');
        return IntStream.concat(IntStream.rangeClosed('!', '~'), more)
                .mapToObj(Character::toString)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static int characterOf(int b) {
        boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
        if (printable) {
            return b;
        }
        return b <= 0x20 ? 0x100 + b : b < 0xAD ? 0x100 + 33 + b - 0x7F : 0x143;
    }

    private void writeMerges(List<String> drawn, Map<String, Integer> known, Writer out) throws IOException {
        int written = 0;
        for (String word : drawn) {
            for (int cut = 1; cut < word.length() && written < merges; cut++) {
                String left = word.substring(0, cut);
                String right = word.substring(cut);
                if (known.containsKey(left) && known.containsKey(right)) {
                    out.write(written == 0 ? "\n" : ",\n");
                    out.write(
                            this == GEMMA_3
                                    ? "      [\n        \"" + escaped(left) + "\",\n        \"" + escaped(right)
                                            + "\"\n      ]"
                                    : "      \"" + escaped(left) + " " + escaped(right) + "\"");
                    written++;
                }
            }
        }
        if (written < merges) {
            throw new IllegalStateException("the words drawn have " + written + " merges only");
        }
    }

    private static String escaped(String word) {
        return word.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
