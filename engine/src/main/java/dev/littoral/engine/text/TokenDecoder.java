package dev.littoral.engine.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Gives the bytes of a token by itself, as the decoders of tokenizer.json do that need no neighbours: those of byte-level
 * and of SentencePiece vocabularies. A blank that is cut at an answer's beginning still stands here.
 */
record TokenDecoder(List<Step> steps) {

    private static final Pattern BYTE = Pattern.compile("<0x[0-9A-Fa-f]{2}>");

    /** Does one thing to a token's text. */
    private sealed interface Step {

        /** Puts one text for another. */
        record Put(String text, String instead) implements Step {}

        /** Takes {@code <0x41>} for a byte. */
        record BytesByName() implements Step {}

        /** Takes each character for a byte, as GPT-2 does. */
        record BytesByCharacter() implements Step {}

        /** Leaves it. */
        record Nothing() implements Step {}
    }

    /** Reads the decoder; empty when it has a part that is not known here. */
    static Optional<TokenDecoder> of(JsonNode decoder) {
        List<JsonNode> parts = new ArrayList<>();
        if (decoder.path("type").asText().equals("Sequence")) {
            decoder.path("decoders").forEach(parts::add);
        } else {
            parts.add(decoder);
        }
        List<Optional<Step>> steps = parts.stream().map(TokenDecoder::step).toList();
        return steps.stream().allMatch(Optional::isPresent)
                ? Optional.of(new TokenDecoder(
                        steps.stream().map(Optional::orElseThrow).toList()))
                : Optional.empty();
    }

    private static Optional<Step> step(JsonNode part) {
        return switch (part.path("type").asText()) {
            case "ByteLevel" -> Optional.of(new Step.BytesByCharacter());
            case "ByteFallback" -> Optional.of(new Step.BytesByName());
            case "Fuse" -> Optional.of(new Step.Nothing());
            case "Metaspace" -> put(part.path("replacement").asText("\u2581"), " ");
            case "Replace" ->
                put(
                        part.path("pattern").path("String").asText(),
                        part.path("content").asText());
            case "Strip" ->
                part.path("content").asText().equals(" ") && part.path("stop").asInt(-1) == 0
                        ? Optional.of(new Step.Nothing())
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** Only a text that is no longer is put for another, so that no file makes a token as large as it likes. */
    private static Optional<Step> put(String text, String instead) {
        return text.isEmpty() || instead.length() > text.length()
                ? Optional.empty()
                : Optional.of(new Step.Put(text, instead));
    }

    /** Gives the bytes of a token of this text. */
    byte[] bytes(String word) {
        String text = word;
        for (Step step : steps) {
            switch (step) {
                case Step.Put put -> text = text.replace(put.text(), put.instead());
                case Step.BytesByName() -> {
                    if (BYTE.matcher(text).matches()) {
                        return new byte[] {(byte) Integer.parseInt(text.substring(3, 5), 16)};
                    }
                }
                case Step.BytesByCharacter() -> {
                    return byCharacter(text);
                }
                case Step.Nothing() -> {}
            }
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A text with a character that stands for no byte is meant as it is. */
    private static byte[] byCharacter(String text) {
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            int b = byteOf(text.charAt(i));
            if (b < 0) {
                return text.getBytes(StandardCharsets.UTF_8);
            }
            bytes.write(b);
        }
        return bytes.toByteArray();
    }

    /** Printable bytes stand for themselves; the 68 others have the characters from U+0100 on, in their order. */
    private static int byteOf(char c) {
        if (printable(c)) {
            return c;
        }
        int rank = c - 0x100;
        if (rank < 0 || rank > 67) {
            return -1;
        }
        if (rank <= 0x20) {
            return rank;
        }
        // behind the 33 below '!' come 0x7F to 0xA0, then 0xAD
        return rank <= 66 ? 0x7F + rank - 33 : 0xAD;
    }

    private static boolean printable(int c) {
        return (c >= '!' && c <= '~') || (c >= 0xA1 && c <= 0xAC) || (c >= 0xAE && c <= 0xFF);
    }
}
