package dev.littoral.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.littoral.checkpoint.CheckpointException;
import dev.littoral.checkpoint.CheckpointException.Reason;
import dev.littoral.engine.TokenStream;
import dev.littoral.engine.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds tokens against those of the tokenizers package, which src/test/python/golden.py wrote. */
class DjlTokenizerIT {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"byte-level", "byte-fallback"})
    void tokensAndTextAreThoseOfThePackage(String name) throws IOException {
        try (Tokenizer tokenizer = open(name)) {
            for (JsonNode expected : golden(name)) {
                String text = expected.path("text").textValue();
                assertThat(tokenizer.encodeRendered(text)).as(text).containsExactly(ints(expected.path("rendered")));
                assertThat(tokenizer.encode(text)).as(text).containsExactly(ints(expected.path("plain")));
                assertThat(tokenizer.decode(ints(expected.path("rendered"))))
                        .isEqualTo(expected.path("decoded").textValue());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"byte-level", "byte-fallback"})
    void aStreamGivesTheSameTextInWholeCharacters(String name) throws IOException {
        try (Tokenizer tokenizer = open(name)) {
            for (JsonNode expected : golden(name)) {
                TokenStream stream = tokenizer.stream();
                StringBuilder text = new StringBuilder();
                for (int token : ints(expected.path("rendered"))) {
                    String piece = stream.accept(token);
                    assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(piece))
                            .isTrue();
                    text.append(piece);
                }
                text.append(stream.finish());
                assertThat(text.toString()).isEqualTo(expected.path("decoded").textValue());
            }
        }
    }

    @Test
    void aTextSoLongThatTheLibraryWouldEndTheProcessIsRefused() throws IOException {
        Files.writeString(
                folder.resolve("tokenizer.json"), KnownTokenizers.QWEN_2.json().toString());
        try (Tokenizer tokenizer = DjlTokenizer.open(folder)) {
            // a text of 12 million blanks has the expression give up, and the process with it
            assertThatThrownBy(() -> tokenizer.encode(" ".repeat(12_000_000)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1,000,000");
            assertThat(tokenizer.encode(" ".repeat(Tokenizer.MOST_CHARACTERS - 1) + "x"))
                    .isNotEmpty();
        }
    }

    @Test
    void aCharacterOfManyTokensComesWhole() throws IOException {
        try (Tokenizer tokenizer = open("byte-level")) {
            int[] tokens = tokenizer.encodeRendered("𐍈");
            assertThat(tokens).hasSizeGreaterThan(1);
            TokenStream stream = tokenizer.stream();
            List<String> pieces = new ArrayList<>();
            for (int token : tokens) {
                pieces.add(stream.accept(token));
            }
            assertThat(pieces.subList(0, tokens.length - 1)).containsOnly("");
            assertThat(pieces.getLast()).isEqualTo("𐍈");
        }
    }

    @Test
    void bytesThatAreNoCharacterAreShownAsBroken() throws IOException {
        try (Tokenizer tokenizer = open("byte-level")) {
            int half = tokenizer.encodeRendered("𐍈")[0];
            TokenStream stream = tokenizer.stream();
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 100; i++) {
                text.append(stream.accept(half));
            }
            text.append(stream.finish());
            assertThat(text.toString()).matches("\uFFFD+");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"generation_config.json", "config.json"})
    void stopTokensAreOneOrMany(String file) throws IOException {
        copy("byte-level");
        Files.writeString(folder.resolve("config.json"), "{\"eos_token_id\": 5}");
        Files.writeString(folder.resolve(file), "{\"eos_token_id\": [7, 9]}");
        try (Tokenizer tokenizer = DjlTokenizer.open(folder)) {
            assertThat(tokenizer.stopTokens()).containsExactlyInAnyOrder(7, 9);
        }
        Files.writeString(folder.resolve(file), "{\"eos_token_id\": 0}");
        try (Tokenizer tokenizer = DjlTokenizer.open(folder)) {
            assertThat(tokenizer.stopTokens()).containsExactly(0);
        }
        Files.writeString(folder.resolve(file), "{\"eos_token_id\": \"</s>\"}");
        assertThatThrownBy(() -> DjlTokenizer.open(folder)).hasMessageContaining(file + ": eos_token_id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"<|end|>\"", "{\"content\": \"<|end|>\"}"})
    void theTokenizersOwnEndOfTurnStopsToo(String token) throws IOException {
        copy("byte-level");
        Files.writeString(folder.resolve("config.json"), "{\"eos_token_id\": 5}");
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"eos_token\": " + token + "}");
        try (Tokenizer tokenizer = DjlTokenizer.open(folder)) {
            assertThat(tokenizer.stopTokens()).containsExactlyInAnyOrder(0, 5);
        }
    }

    @Test
    void aMissingOrBrokenTokenizerIsNamed() throws IOException {
        assertThatThrownBy(() -> DjlTokenizer.open(folder))
                .isInstanceOfSatisfying(
                        CheckpointException.class, e -> assertThat(e.reason()).isEqualTo(Reason.ConfigMissing))
                .hasMessageContaining("tokenizer.json");
        Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": {\"type\": \"Magic\"}}");
        assertThatThrownBy(() -> DjlTokenizer.open(folder))
                .isInstanceOfSatisfying(
                        CheckpointException.class, e -> assertThat(e.reason()).isEqualTo(Reason.ConfigInvalid))
                .hasMessageContaining("model.type");
        Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": {\"type\": \"BPE\"}}");
        assertThatThrownBy(() -> DjlTokenizer.open(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("the tokenizers library refuses it");
    }

    @ParameterizedTest
    @EnumSource
    void tokenizersOfKnownFamiliesGiveTheirTextBack(KnownTokenizers known) throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), known.json().toString());
        String text = "Hello it's 2026,\n\n  \u00e9\u4e2d \ud83d\ude00!?  x";
        try (Tokenizer tokenizer = DjlTokenizer.open(folder)) {
            assertThat(tokenizer.decode(tokenizer.encodeRendered(text)).stripLeading())
                    .isEqualTo(text);
        }
    }

    private Tokenizer open(String name) throws IOException {
        copy(name);
        return DjlTokenizer.open(folder);
    }

    private void copy(String name) throws IOException {
        try (InputStream json = resource(name + "/tokenizer.json")) {
            Files.write(folder.resolve("tokenizer.json"), json.readAllBytes());
        }
    }

    private static JsonNode golden(String name) throws IOException {
        try (InputStream json = resource("tokens-" + name + ".json")) {
            return new ObjectMapper().readTree(json);
        }
    }

    private static InputStream resource(String name) {
        return java.util.Objects.requireNonNull(DjlTokenizerIT.class.getResourceAsStream("/golden/" + name));
    }

    private static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.path(i).intValue();
        }
        return values;
    }
}
