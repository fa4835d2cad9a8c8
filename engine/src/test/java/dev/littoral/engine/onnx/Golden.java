package dev.littoral.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * What Hugging Face transformers computes for a checkpoint; golden.py wrote it.
 *
 * @param weights where the weights come from
 * @param greedy the answer to the second prompt
 */
record Golden(Weights weights, List<Case> cases, List<Integer> greedy) {

    /** Random models, by architecture and what is special. */
    static final List<String> RANDOM = List.of(
            "llama",
            "llama-tied",
            "llama-llama3",
            "llama-linear",
            "mistral",
            "qwen2",
            "qwen2-window",
            "qwen3",
            "phi3",
            "phi3-short",
            "phi3-long",
            "gemma3",
            "gemma3-tied");

    /** The trained models of this repository. */
    static final List<String> TRAINED = List.of("target", "draft");

    /** Where the weights of a model come from. */
    sealed interface Weights {

        /**
         * A formula.
         *
         * @param config config.json in the words of the hub's files
         * @param saved config.json as transformers saves it
         * @param dtype of the stored weights
         */
        record Random(String config, String saved, String dtype) implements Weights {}

        /**
         * A folder of this repository.
         *
         * @param sha256 of its weights when the logits were computed
         */
        record Trained(Path folder, String sha256) implements Weights {}
    }

    /**
     * The logits of one prompt.
     *
     * @param argmax the likeliest token at every position
     * @param max its logit
     * @param last all logits of the last position
     * @param sketches what is held of all logits of every position
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    record Case(int[] prompt, int[] argmax, float[] max, float[] last, Sketches sketches) {}

    static Golden read(String name) throws IOException {
        try (InputStream json = Golden.class.getResourceAsStream("/golden/logits-" + name + ".json")) {
            JsonNode root = new ObjectMapper().readTree(json);
            List<Case> cases = new ArrayList<>();
            root.path("cases").forEach(node -> cases.add(of(node)));
            Weights weights = root.has("sha256")
                    ? new Weights.Trained(
                            Path.of("..", "models", name), root.path("sha256").textValue())
                    : new Weights.Random(
                            root.path("config").toString(),
                            root.path("saved").toString(),
                            root.path("dtype").textValue());
            return new Golden(weights, cases, ints(root.path("greedy")));
        }
    }

    /** Gives the folder of the model, written when it is random. */
    Path checkpoint(Path folder) throws IOException {
        return switch (weights) {
            case Weights.Random(String config, String saved, String dtype) ->
                RandomCheckpoint.write(folder, config, dtype);
            case Weights.Trained(Path trained, String sha256) -> {
                assertThat(sha256(trained.resolve("model.safetensors")))
                        .as("the weights in %s are others; run src/test/python/golden.py target draft", trained)
                        .isEqualTo(sha256);
                yield trained;
            }
        };
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static Case of(JsonNode node) {
        int[] prompt = node.has("tokens")
                ? array(node.path("tokens"))
                : RandomCheckpoint.prompt(
                        node.path("length").intValue(), node.path("variation").intValue());
        return new Case(
                prompt,
                array(node.path("argmax")),
                floats(node.path("max")),
                floats(node.path("last")),
                Sketches.of(node.path("sketches").textValue()));
    }

    private static List<Integer> ints(JsonNode numbers) {
        List<Integer> values = new ArrayList<>();
        numbers.forEach(number -> values.add(number.intValue()));
        return values;
    }

    private static int[] array(JsonNode numbers) {
        return ints(numbers).stream().mapToInt(Integer::intValue).toArray();
    }

    private static float[] floats(JsonNode inSteps) {
        double min = inSteps.path("min").doubleValue();
        double step = (inSteps.path("max").doubleValue() - min) / 65535;
        byte[] bytes = Base64.getDecoder().decode(inSteps.path("steps").textValue());
        ByteBuffer steps = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[bytes.length / 2];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (min + step * Short.toUnsignedInt(steps.getShort()));
        }
        return values;
    }
}
