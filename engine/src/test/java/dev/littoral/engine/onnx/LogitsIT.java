package dev.littoral.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.checkpoint.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the logits of every architecture against those of Hugging Face transformers, which golden.py wrote. */
class LogitsIT {

    private static final double MOST_OF_RANGE = 2e-4;
    private static final int CHUNK = 5;

    @TempDir
    private Path folder;

    static Stream<String> names() {
        return Stream.of(Golden.NAMES);
    }

    @ParameterizedTest
    @MethodSource("names")
    void aPromptInOneGoGivesTheLogitsOfTransformers(String name) throws IOException {
        Golden golden = Golden.read(name);
        try (StageChain chain = chain(golden, 32)) {
            for (Golden.Case expected : golden.cases()) {
                try (StageChain.Session session = chain.open(512)) {
                    assertAlike(session.logits(expected.prompt()), expected.last());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void aPromptInChunksGivesTheLogitsOfTransformers(String name) throws IOException {
        Golden golden = Golden.read(name);
        try (StageChain chain = chain(golden, 32)) {
            for (Golden.Case expected : golden.cases()) {
                try (StageChain.Session session = chain.open(512)) {
                    assertAlike(inChunks(session, expected.prompt()), expected.last());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void stagesGiveTheLogitsOfTransformers(String name) throws IOException {
        Golden golden = Golden.read(name);
        try (StageChain chain = chain(golden, 32, 1, 3)) {
            for (Golden.Case expected : golden.cases()) {
                try (StageChain.Session session = chain.open(512)) {
                    assertAlike(session.logits(expected.prompt()), expected.last());
                }
                try (StageChain.Session session = chain.open(512)) {
                    assertAlike(inChunks(session, expected.prompt()), expected.last());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void tokenByTokenEveryPositionHasTheLikeliestTokenOfTransformers(String name) throws IOException {
        Golden golden = Golden.read(name);
        try (StageChain chain = chain(golden, 32)) {
            for (Golden.Case expected : golden.cases()) {
                try (StageChain.Session session = chain.open(512)) {
                    float[] row = {};
                    for (int i = 0; i < expected.prompt().length; i++) {
                        row = session.logits(expected.prompt()[i]);
                        int argmax = argmax(row);
                        assertThat(argmax)
                                .as("position %d of %d", i, expected.prompt().length)
                                .isEqualTo(expected.argmax()[i]);
                        assertThat(Math.abs(row[argmax] - expected.max()[i]))
                                .isLessThan((float) (MOST_OF_RANGE * range(row)));
                    }
                    assertAlike(row, expected.last());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void greedyDecodingGivesTheTokensOfTransformers(String name) throws IOException {
        Golden golden = Golden.read(name);
        try (StageChain chain = chain(golden, 32);
                StageChain.Session session = chain.open(512)) {
            assertThat(session.greedy(
                            RandomCheckpoint.prompt(7), golden.greedy().size()))
                    .isEqualTo(golden.greedy());
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void eightBitsStayNearTheLogitsOfTransformers(String name) throws IOException {
        Golden golden = Golden.read(name);
        Golden.Case expected = golden.cases().get(2);
        try (StageChain chain = chain(golden, 8);
                StageChain.Session session = chain.open(512)) {
            assertThat(largestOfRange(session.logits(expected.prompt()), expected.last()))
                    .isBetween(MOST_OF_RANGE, 0.05);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void aConfigAsTransformersSavesItReadsLikeTheOneOnTheHub(String name) throws IOException {
        Golden golden = Golden.read(name);
        Path hub = golden.write(folder.resolve("checkpoint"));
        Path saved = Files.createDirectories(folder.resolve("saved"));
        Files.writeString(saved.resolve("config.json"), golden.saved());
        assertThat(ModelConfig.read(saved)).isEqualTo(ModelConfig.read(hub));
    }

    private static float[] inChunks(StageChain.Session session, int[] prompt) {
        float[] last = {};
        for (int from = 0; from < prompt.length; from += CHUNK) {
            last = session.logits(Arrays.copyOfRange(prompt, from, Math.min(prompt.length, from + CHUNK)));
        }
        return last;
    }

    private StageChain chain(Golden golden, int bits, int... borders) throws IOException {
        return StageChain.load(
                golden.write(folder.resolve("checkpoint")),
                folder.resolve("cache"),
                RandomCheckpoint.LAYERS,
                bits,
                512,
                borders);
    }

    private static void assertAlike(float[] actual, float[] expected) {
        assertThat(largestOfRange(actual, expected)).isLessThanOrEqualTo(MOST_OF_RANGE);
        assertThat(argmax(actual)).isEqualTo(argmax(expected));
    }

    private static double largestOfRange(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double largest = 0;
        for (int i = 0; i < actual.length; i++) {
            largest = Math.max(largest, Math.abs(actual[i] - (double) expected[i]));
        }
        return largest / range(expected);
    }

    private static double range(float[] row) {
        float min = row[0];
        float max = row[0];
        for (float logit : row) {
            min = Math.min(min, logit);
            max = Math.max(max, logit);
        }
        return max - min;
    }

    private static int argmax(float[] row) {
        int best = 0;
        for (int i = 1; i < row.length; i++) {
            best = row[i] > row[best] ? i : best;
        }
        return best;
    }
}
