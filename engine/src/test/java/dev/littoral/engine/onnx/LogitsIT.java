package dev.littoral.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.engine.Stage;
import dev.littoral.engine.onnx.Golden.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
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
        return Stream.of(Golden.RANDOM, Golden.TRAINED).flatMap(List::stream);
    }

    static List<String> randomNames() {
        return Golden.RANDOM;
    }

    @ParameterizedTest
    @MethodSource("names")
    void aPromptInOneGoGivesTheLogitsOfTransformersAtEveryPosition(String name) throws IOException {
        Golden golden = Golden.read(name);
        try (StageChain chain = chain(golden, 32)) {
            golden.cases().forEach(expected -> assertInOneGo(chain, expected));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void aPromptInChunksGivesTheLogitsOfTransformersAtEveryPosition(String name) throws IOException {
        Golden golden = Golden.read(name);
        try (StageChain chain = chain(golden, 32)) {
            golden.cases().forEach(expected -> assertInChunks(chain, expected, CHUNK));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void stagesGiveTheLogitsOfTransformersAtEveryPosition(String name) throws IOException {
        Golden golden = Golden.read(name);
        int layers = ModelConfig.read(golden.checkpoint(folder.resolve("checkpoint")))
                .layers();
        int[] borders = IntStream.of(1, 3).filter(border -> border < layers).toArray();
        try (StageChain chain = chain(golden, 32, borders)) {
            for (Golden.Case expected : golden.cases()) {
                assertInOneGo(chain, expected);
                assertInChunks(chain, expected, CHUNK);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void aPromptTokenByTokenGivesTheLogitsOfTransformersAtEveryPosition(String name) throws IOException {
        Golden golden = Golden.read(name);
        try (StageChain chain = chain(golden, 32)) {
            golden.cases().forEach(expected -> assertInChunks(chain, expected, 1));
        }
    }

    @Test
    void oneLogitThatIsOffShowsAtAnyPosition() throws IOException {
        Golden golden = Golden.read("llama");
        Golden.Case expected = golden.cases().get(1);
        try (StageChain chain = chain(golden, 32);
                StageChain.Session session = chain.open(512)) {
            for (int i = 0; i < expected.prompt().length; i++) {
                int position = i;
                float[] row = session.logits(expected.prompt()[i]);
                // the row itself may be off by the bound the other way
                row[(131 * i) % row.length] += (float) (2.1 * MOST_OF_RANGE * range(row));
                assertThatThrownBy(() -> expected.sketches().assertAlike(row, position, MOST_OF_RANGE))
                        .isInstanceOf(AssertionError.class);
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
                            golden.cases().get(1).prompt(), golden.greedy().size()))
                    .isEqualTo(golden.greedy());
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void eightBitsStayNearTheLogitsOfTransformers(String name) throws IOException {
        Golden golden = Golden.read(name);
        Golden.Case expected = golden.cases().getLast();
        try (StageChain chain = chain(golden, 8);
                StageChain.Session session = chain.open(512)) {
            assertThat(largestOfRange(session.logits(expected.prompt()), expected.last()))
                    .isBetween(MOST_OF_RANGE, 0.05);
        }
    }

    @ParameterizedTest
    @MethodSource("randomNames")
    void aCheckpointInManyFilesGivesTheLogitsOfTransformers(String name) throws IOException {
        Golden golden = Golden.read(name);
        Path checkpoint = golden.checkpoint(folder.resolve("checkpoint"));
        RandomCheckpoint.split(checkpoint, 3);
        Golden.Case expected = golden.cases().get(1);
        try (StageChain chain = StageChain.load(checkpoint, folder.resolve("cache"), 5, 32, 512);
                StageChain.Session session = chain.open(512)) {
            assertAlike(session.logits(expected.prompt()), expected.last());
        }
    }

    @ParameterizedTest
    @MethodSource("randomNames")
    void aConfigAsTransformersSavesItReadsLikeTheOneOnTheHub(String name) throws IOException {
        if (Golden.read(name).weights() instanceof Weights.Random random) {
            assertThat(config("saved", random.saved())).isEqualTo(config("hub", random.config()));
        }
    }

    private ModelConfig config(String name, String json) throws IOException {
        Path checkpoint = Files.createDirectories(folder.resolve(name));
        Files.writeString(checkpoint.resolve("config.json"), json);
        return ModelConfig.read(checkpoint);
    }

    /** Runs the prompt, and as many of its beginnings as it takes to see every position, each in one go. */
    private static void assertInOneGo(StageChain chain, Golden.Case expected) {
        int length = expected.prompt().length;
        for (int from = 0; from < length; from += Stage.MOST_LOGIT_ROWS) {
            int end = Math.min(length, from + Stage.MOST_LOGIT_ROWS);
            try (StageChain.Session session = chain.open(512)) {
                assertAlike(session.logits(end - from, Arrays.copyOf(expected.prompt(), end)), expected, from);
            }
        }
        try (StageChain.Session session = chain.open(512)) {
            assertAlike(List.of(session.logits(expected.prompt())), expected, length - 1);
        }
    }

    private static void assertInChunks(StageChain chain, Golden.Case expected, int chunk) {
        int length = expected.prompt().length;
        try (StageChain.Session session = chain.open(512)) {
            for (int from = 0; from < length; from += chunk) {
                int end = Math.min(length, from + chunk);
                assertAlike(
                        session.logits(end - from, Arrays.copyOfRange(expected.prompt(), from, end)), expected, from);
            }
        }
    }

    private StageChain chain(Golden golden, int bits, int... borders) throws IOException {
        Path checkpoint = golden.checkpoint(folder.resolve("checkpoint"));
        return StageChain.load(
                checkpoint,
                folder.resolve("cache"),
                ModelConfig.read(checkpoint).layers(),
                bits,
                512,
                borders);
    }

    /** Holds rows of logits to those of the prompt from a position on. */
    private static void assertAlike(List<float[]> rows, Golden.Case expected, int from) {
        assertThat(expected.sketches().length()).isEqualTo(expected.prompt().length);
        for (int i = 0; i < rows.size(); i++) {
            float[] row = rows.get(i);
            int position = from + i;
            int likeliest = expected.argmax()[position];
            assertThat(argmax(row)).as("position %d", position).isEqualTo(likeliest);
            assertThat((double) Math.abs(row[likeliest] - expected.max()[position]))
                    .as("position %d", position)
                    .isLessThanOrEqualTo(MOST_OF_RANGE * range(row));
            expected.sketches().assertAlike(row, position, MOST_OF_RANGE);
        }
        if (from + rows.size() == expected.prompt().length) {
            assertAlike(rows.getLast(), expected.last());
        }
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
