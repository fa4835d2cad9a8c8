package dev.littoral.scheduler.length;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.littoral.algorithms.length.PromptReading;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MiniLmEncoderTest {

    private static final int WHOLE_CHARACTERS = 8000;
    private static MiniLmEncoder encoder;
    private static HuggingFaceTokenizer tokenizer;

    @BeforeAll
    static void load() throws IOException {
        encoder = MiniLmEncoder.load();
        try (InputStream file = Objects.requireNonNull(
                MiniLmEncoderTest.class.getResourceAsStream("/all-minilm-l6-v2-q-tokenizer.json"))) {
            tokenizer = HuggingFaceTokenizer.newInstance(file, Map.of("truncation", "false", "padding", "false"));
        }
    }

    @AfterAll
    static void unload() {
        encoder.close();
        tokenizer.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 60, 900, 1100, 1797, 7999, WHOLE_CHARACTERS})
    void ofAPromptOfUpTo8000CharactersTheFirst192AndTheLast64TokensOfAllAreRead(int characters) {
        String prompt = words(characters);
        long[] all = tokenizer.encode(prompt).getIds();
        long[] expected = all.length <= 256
                ? all
                : LongStream.concat(Arrays.stream(all, 0, 192), Arrays.stream(all, all.length - 64, all.length))
                        .toArray();

        assertThat(encoder.tokens(prompt)).isEqualTo(expected);
    }

    @Test
    void ofALongerPromptTheBeginningAndTheEndAreRead() {
        String middle = words(30_000);
        String prompt = "Summarize the text. " + middle + " Answer in one word.";

        long[] read = encoder.tokens(prompt);

        long[] first = tokenizer.encode("Summarize the text.").getIds();
        long[] last = tokenizer.encode("Answer in one word.").getIds();
        assertThat(read).hasSize(256).startsWith(Arrays.copyOf(first, first.length - 1));
        assertThat(read).endsWith(Arrays.copyOfRange(last, 1, last.length));
    }

    @Test
    void whatIsAskedAtTheEndOfALongPromptChangesItsReading() {
        String middle = words(30_000);

        PromptReading word = encoder.read(middle + " Answer in one word.", 7000);
        PromptReading essay = encoder.read(middle + " Now write a very long and detailed essay on it.", 7000);

        assertThat(word.body()).isNotEqualTo(essay.body());
    }

    @Test
    void aSignOfTwoCharactersMayLieWhereALongPromptIsCut() {
        String signs = "\uD83E\uDD8A".repeat(10_000);

        assertThat(encoder.tokens("a" + signs).length).isBetween(2, 256);
        assertThat(encoder.tokens(signs + "a").length).isBetween(2, 256);
    }

    @Test
    void aLongPromptOfFewTokensIsReadToo() {
        // one word that is too long to be split into pieces
        long[] read = encoder.tokens("x".repeat(20_000));

        assertThat(read).hasSize(4);
        assertThat(read[0]).isEqualTo(tokenizer.encode("").getIds()[0]);
        assertThat(read[3]).isEqualTo(tokenizer.encode("").getIds()[1]);
    }

    private static String words(int characters) {
        SplittableRandom random = new SplittableRandom(characters);
        String text = IntStream.range(0, characters / 3 + 1)
                .mapToObj(i -> Integer.toString(random.nextInt(1_000_000), Character.MAX_RADIX))
                .collect(Collectors.joining(" "));
        return text.substring(0, characters);
    }
}
