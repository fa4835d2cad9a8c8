package dev.littoral.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds logits against those of Hugging Face transformers, which src/test/python/golden.py wrote. */
class LlamaLogitsIT {

    private static final double MOST_OF_RANGE = 2e-4;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"untied-f32", "tied-bf16"})
    void aPromptInOneGoGivesTheLogitsOfTransformers(String name) throws IOException {
        JsonNode golden = golden(name);
        try (StageChain chain = chain(golden)) {
            for (JsonNode expected : golden.path("cases")) {
                try (StageChain.Session session = chain.open(512)) {
                    float[] last = session.logits(
                            RandomCheckpoint.prompt(expected.path("length").intValue()));
                    assertAlike(last, floats(expected.path("last")));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"untied-f32", "tied-bf16"})
    void aPromptInChunksGivesTheLogitsOfTransformers(String name) throws IOException {
        JsonNode golden = golden(name);
        try (StageChain chain = chain(golden)) {
            for (JsonNode expected : golden.path("cases")) {
                int[] prompt = RandomCheckpoint.prompt(expected.path("length").intValue());
                try (StageChain.Session session = chain.open(512)) {
                    float[] last = {};
                    for (int from = 0; from < prompt.length; from += 5) {
                        last = session.logits(Arrays.copyOfRange(prompt, from, Math.min(prompt.length, from + 5)));
                    }
                    assertAlike(last, floats(expected.path("last")));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"untied-f32", "tied-bf16"})
    void tokenByTokenEveryPositionHasTheLikeliestTokenOfTransformers(String name) throws IOException {
        JsonNode golden = golden(name);
        try (StageChain chain = chain(golden)) {
            for (JsonNode expected : golden.path("cases")) {
                int[] prompt = RandomCheckpoint.prompt(expected.path("length").intValue());
                float[] max = floats(expected.path("max"));
                float[] expectedLast = floats(expected.path("last"));
                try (StageChain.Session session = chain.open(512)) {
                    float[] row = {};
                    for (int i = 0; i < prompt.length; i++) {
                        row = session.logits(prompt[i]);
                        int argmax = argmax(row);
                        assertThat(argmax)
                                .as("position %d of %d", i, prompt.length)
                                .isEqualTo(expected.path("argmax").path(i).intValue());
                        assertThat(Math.abs(row[argmax] - max[i])).isLessThan((float) (MOST_OF_RANGE * range(row)));
                    }
                    assertAlike(row, expectedLast);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"untied-f32", "tied-bf16"})
    void greedyDecodingGivesTheTokensOfTransformers(String name) throws IOException {
        JsonNode golden = golden(name);
        List<Integer> expected = new ArrayList<>();
        golden.path("greedy").forEach(token -> expected.add(token.intValue()));
        try (StageChain chain = chain(golden);
                StageChain.Session session = chain.open(512)) {
            assertThat(session.greedy(RandomCheckpoint.prompt(7), expected.size()))
                    .isEqualTo(expected);
        }
    }

    private StageChain chain(JsonNode golden) throws IOException {
        Path checkpoint = RandomCheckpoint.write(
                folder.resolve("checkpoint"),
                golden.path("tied").booleanValue(),
                golden.path("dtype").textValue(),
                golden.path("theta").doubleValue());
        return StageChain.load(checkpoint, folder.resolve("cache"), RandomCheckpoint.LAYERS, 32, 512);
    }

    private static void assertAlike(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double largest = 0;
        for (int i = 0; i < actual.length; i++) {
            largest = Math.max(largest, Math.abs(actual[i] - (double) expected[i]));
        }
        assertThat(largest / range(expected)).isLessThanOrEqualTo(MOST_OF_RANGE);
        assertThat(argmax(actual)).isEqualTo(argmax(expected));
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

    private static float[] floats(JsonNode base64) {
        byte[] bytes = Base64.getDecoder().decode(base64.textValue());
        float[] values = new float[bytes.length / 4];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }

    private static JsonNode golden(String name) throws IOException {
        try (InputStream json = LlamaLogitsIT.class.getResourceAsStream("/golden/logits-" + name + ".json")) {
            return new ObjectMapper().readTree(json);
        }
    }
}
