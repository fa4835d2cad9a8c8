package dev.littoral.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.checkpoint.CheckpointException;
import dev.littoral.engine.Tokenizer;
import dev.littoral.engine.json.Vocabulary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the bytes of tokens against what the tokenizers library decodes. */
class VocabularyFileIT {

    private static final String GOLDEN = "src/test/resources/golden/";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {GOLDEN + "byte-level", GOLDEN + "byte-fallback", "../models/target"})
    void theBytesOfTokensMakeTheTextThatTheLibraryDecodes(String checkpoint) {
        Vocabulary vocabulary = VocabularyFile.read(Path.of(checkpoint));
        SplittableRandom random = new SplittableRandom(42);
        try (Tokenizer tokenizer = DjlTokenizer.open(Path.of(checkpoint))) {
            for (int i = 0; i < 2000; i++) {
                // a first token that is text keeps a blank behind it from being cut
                int[] tokens =
                        random.ints(random.nextInt(1, 12), 0, vocabulary.size()).toArray();
                tokens[0] = tokenizer.encodeRendered("x")[0];
                var bytes = new ByteArrayOutputStream();
                for (int token : tokens) {
                    bytes.writeBytes(vocabulary.bytes(token));
                }
                String text = bytes.toString(StandardCharsets.UTF_8);
                if (!text.contains("\uFFFD")) {
                    assertThat(text.strip()).isEqualTo(tokenizer.decode(tokens).strip());
                }
            }
        }
    }

    @Test
    void tokensWithoutTextHaveNoBytes() {
        Vocabulary vocabulary = VocabularyFile.read(Path.of("..", "models", "target"));

        assertThat(vocabulary.bytes(1)).isEmpty(); // <|end|>
        assertThat(vocabulary.bytes(5)).containsExactly('!');
        assertThat(vocabulary.bytes(1_000_000)).isEmpty();
    }

    @Test
    void aDecoderThatLooksAtNeighboursIsRefusedByName() throws IOException {
        ObjectNode tokenizer = (ObjectNode) new ObjectMapper()
                .readTree(Path.of(GOLDEN, "byte-level", "tokenizer.json").toFile());
        tokenizer
                .putObject("decoder")
                .put("type", "WordPiece")
                .put("prefix", "##")
                .put("cleanup", true);
        Files.writeString(folder.resolve("tokenizer.json"), tokenizer.toString());

        assertThatThrownBy(() -> VocabularyFile.read(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("decoder");
    }
}
