package dev.littoral.engine.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * What Hugging Face transformers computes for a random checkpoint; golden.py wrote it.
 *
 * @param config config.json in the words of the hub's files
 * @param saved config.json as transformers saves it
 * @param dtype of the stored weights
 * @param greedy the answer to the prompt of seven tokens
 */
record Golden(String config, String saved, String dtype, List<Case> cases, List<Integer> greedy) {

    /** Each of them, by architecture and what is special. */
    static final String[] NAMES = {
        "llama",
        "llama-tied",
        "llama-llama3",
        "llama-linear",
        "mistral",
        "qwen2",
        "qwen2-window",
        "qwen3",
        "phi3",
        "gemma3",
        "gemma3-tied"
    };

    /**
     * The logits of one prompt.
     *
     * @param argmax the likeliest token at every position
     * @param max its logit
     * @param last all logits of the last position
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    record Case(int[] prompt, int[] argmax, float[] max, float[] last) {}

    static Golden read(String name) throws IOException {
        try (InputStream json = Golden.class.getResourceAsStream("/golden/logits-" + name + ".json")) {
            JsonNode root = new ObjectMapper().readTree(json);
            List<Case> cases = new ArrayList<>();
            root.path("cases").forEach(node -> cases.add(of(node)));
            return new Golden(
                    root.path("config").toString(),
                    root.path("saved").toString(),
                    root.path("dtype").textValue(),
                    cases,
                    ints(root.path("greedy")));
        }
    }

    private static Case of(JsonNode node) {
        return new Case(
                RandomCheckpoint.prompt(
                        node.path("length").intValue(), node.path("variation").intValue()),
                ints(node.path("argmax")).stream().mapToInt(Integer::intValue).toArray(),
                floats(node.path("max")),
                floats(node.path("last")));
    }

    private static List<Integer> ints(JsonNode numbers) {
        List<Integer> values = new ArrayList<>();
        numbers.forEach(number -> values.add(number.intValue()));
        return values;
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

    Path write(Path folder) throws IOException {
        return RandomCheckpoint.write(folder, config, dtype);
    }
}
