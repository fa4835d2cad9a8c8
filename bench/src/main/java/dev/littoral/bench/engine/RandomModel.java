package dev.littoral.bench.engine;

import dev.littoral.checkpoint.MatrixShape;
import dev.littoral.checkpoint.ModelConfig;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.SplittableRandom;

/** A checkpoint of random weights in the shape of Qwen2.5-0.5B, output head included, stored as BF16. */
final class RandomModel {

    private static final String CONFIG_OF_LAYERS = """
            {"architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "vocab_size": 151936, "hidden_size": 896,
             "intermediate_size": 4864, "num_hidden_layers": LAYERS, "num_attention_heads": 14, "num_key_value_heads": 2,
             "max_position_embeddings": 32768, "rms_norm_eps": 1e-6, "rope_theta": 1000000.0, "hidden_act": "silu",
             "tie_word_embeddings": true, "torch_dtype": "bfloat16"}
            """;

    private RandomModel() {}

    /** Returns the folder of the model, written by the first call. */
    static Path in(Path folder, int layers, long seed) throws IOException {
        Path weights = folder.resolve("model.safetensors");
        if (!Files.exists(weights)) {
            Files.createDirectories(folder);
            Files.writeString(
                    folder.resolve("config.json"), CONFIG_OF_LAYERS.replace("LAYERS", Integer.toString(layers)));
            Path partial = folder.resolve("model.safetensors.partial");
            write(partial, ModelConfig.read(folder).tensors(), new SplittableRandom(seed));
            Files.move(partial, weights, StandardCopyOption.ATOMIC_MOVE);
        }
        return folder;
    }

    private static void write(Path file, Map<String, MatrixShape> tensors, SplittableRandom random) throws IOException {
        StringBuilder header = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
        long offset = 0;
        for (var tensor : tensors.entrySet()) {
            MatrixShape shape = tensor.getValue();
            long end = offset + 2 * shape.parameters();
            header.append(",\"%s\":{\"dtype\":\"BF16\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
                    .formatted(
                            tensor.getKey(),
                            shape.rows() == 1 ? "" + shape.columns() : shape.rows() + "," + shape.columns(),
                            offset,
                            end));
            offset = end;
        }
        byte[] json = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            out.write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(json.length)
                    .array());
            out.write(json);
            for (var tensor : tensors.entrySet()) {
                numbers(out, tensor.getKey(), tensor.getValue(), random);
            }
        }
    }

    /** Matrices keep the size of what they are multiplied with; norms stay near 1. */
    private static void numbers(OutputStream out, String name, MatrixShape shape, SplittableRandom random)
            throws IOException {
        boolean norm = shape.rows() == 1 && !name.endsWith(".bias");
        float scale = shape.rows() == 1 ? 0.2f : (float) (3.5 / Math.sqrt((double) shape.columns()));
        long left = shape.parameters();
        ByteBuffer chunk = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        while (left > 0) {
            chunk.clear();
            for (; left > 0 && chunk.hasRemaining(); left--) {
                // the high 24 bits of a long are as good as nextFloat and twice as quick
                float value = ((random.nextLong() >>> 40) * 0x1p-24f - 0.5f) * scale + (norm ? 1 : 0);
                chunk.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
            }
            out.write(chunk.array(), 0, chunk.position());
        }
    }
}
