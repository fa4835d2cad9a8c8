package dev.littoral.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes a whole checkpoint of a model with two layers, hidden size 32 and a vocabulary of 10. */
final class TinyCheckpoint {

    static final String CONFIG = """
            {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 10, "hidden_size": 32,
             "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1,
             "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "hidden_act": "silu",
             "tie_word_embeddings": true, "attention_bias": false}
            """;

    private TinyCheckpoint() {}

    static Path write(Path folder) throws IOException {
        return write(folder, CONFIG);
    }

    static Path write(Path folder, String config) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), config);
        Files.write(folder.resolve("model.safetensors"), safetensors(shapes().keySet()));
        return folder;
    }

    /** The tensors in alphabetical order, as Hugging Face writes them. */
    static Map<String, MatrixShape> shapes() {
        return new TreeMap<>(
                new ModelConfig("LlamaForCausalLM", 2, 32, 2, 1, 16, 48, 10, 64, 1e-5, 10_000, true).tensors());
    }

    static byte[] safetensors(Collection<String> names) {
        StringBuilder header = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
        long at = 0;
        for (String name : names) {
            MatrixShape shape = Objects.requireNonNull(shapes().get(name));
            String sizes = shape.rows() == 1 ? "" + shape.columns() : shape.rows() + "," + shape.columns();
            header.append(",\"%s\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
                    .formatted(name, sizes, at, at + 4 * shape.parameters()));
            at += 4 * shape.parameters();
        }
        return safetensors(header.append("}").toString(), Math.toIntExact(at));
    }

    static byte[] safetensors(String header, int dataBytes) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
    }

    static void writeIndex(Path folder, Map<String, String> fileOfTensor) throws IOException {
        Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                fileOfTensor.entrySet().stream()
                        .map(entry -> "\"" + entry.getKey() + "\":\"" + entry.getValue() + "\"")
                        .collect(Collectors.joining(",", "{\"weight_map\":{", "}}")));
    }
}
