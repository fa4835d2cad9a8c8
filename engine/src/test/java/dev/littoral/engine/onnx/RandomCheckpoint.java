package dev.littoral.engine.onnx;

import dev.littoral.checkpoint.MatrixShape;
import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.checkpoint.Trait;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;

/** Writes the checkpoints of odd sizes whose logits golden.py computed, from the same formula. */
final class RandomCheckpoint {

    static final int VOCABULARY = 997;
    static final int LAYERS = 5;
    static final int HIDDEN = 144;

    /** A Llama as of {@code logits-llama.json}. */
    static final String LLAMA = """
            {"architectures": ["LlamaForCausalLM"], "vocab_size": 997, "hidden_size": 144,
             "intermediate_size": 208, "num_hidden_layers": 5, "num_attention_heads": 6,
             "num_key_value_heads": 3, "head_dim": 48, "max_position_embeddings": 512, "rms_norm_eps": 1e-5,
             "rope_theta": 10000.0, "hidden_act": "silu", "eos_token_id": null}
            """;

    private RandomCheckpoint() {}

    /** Numbers in [-0.5, 0.5) from a name and their index; {@code uniform} of golden.py. */
    static float[] uniform(String name, int count) {
        CRC32 crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            int x = i * 0x9E3779B9 + (int) crc.getValue();
            x ^= x >>> 16;
            x *= 0x85EBCA6B;
            x ^= x >>> 13;
            x *= 0xC2B2AE35;
            x ^= x >>> 16;
            values[i] = (x >>> 8) / (float) (1 << 24) - 0.5f;
        }
        return values;
    }

    static int[] prompt(int length) {
        return prompt(length, 0);
    }

    static int[] prompt(int length, int variation) {
        float[] values = uniform("prompt" + length + "'".repeat(variation), length);
        int[] tokens = new int[length];
        for (int i = 0; i < length; i++) {
            tokens[i] = (int) ((values[i] + 0.5) * VOCABULARY);
        }
        return tokens;
    }

    /** Writes the model that a config.json asks for, its numbers stored as F32, F16 or BF16. */
    static Path write(Path folder, String configJson, String dtype) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), configJson);
        ModelConfig config = ModelConfig.read(folder);
        boolean normsAddOne = config.blueprint().has(Trait.NORM_ADDS_ONE);
        StringBuilder header = new StringBuilder("{");
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (var tensor : config.tensors().entrySet()) {
            int begin = data.size();
            MatrixShape shape = tensor.getValue();
            data.write(bytes(values(tensor.getKey(), shape, normsAddOne), dtype));
            String sizes = shape.rows() == 1 ? "" + shape.columns() : shape.rows() + "," + shape.columns();
            header.append(header.length() == 1 ? "" : ",")
                    .append("\"%s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
                            .formatted(tensor.getKey(), dtype, sizes, begin, data.size()));
        }
        byte[] json = header.append("}").toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + json.length + data.size()).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json).put(data.toByteArray());
        Files.write(folder.resolve("model.safetensors"), file.array());
        return folder;
    }

    private static float[] values(String name, MatrixShape shape, boolean normsAddOne) {
        float[] values = uniform(name, Math.toIntExact(shape.parameters()));
        float scale = shape.rows() == 1 ? 0.5f : (float) (3.5 / Math.sqrt((double) shape.columns()));
        float middle = shape.rows() > 1 || normsAddOne || name.endsWith(".bias") ? 0 : 1;
        for (int i = 0; i < values.length; i++) {
            values[i] = middle + values[i] * scale;
        }
        return values;
    }

    private static byte[] bytes(float[] values, String dtype) {
        boolean whole = dtype.equals("F32");
        ByteBuffer bytes = ByteBuffer.allocate(values.length * (whole ? 4 : 2)).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            switch (dtype) {
                case "F32" -> bytes.putFloat(value);
                case "F16" -> bytes.putShort(Float.floatToFloat16(value));
                default -> bytes.putShort((short) (Float.floatToIntBits(value) >>> 16));
            }
        }
        return bytes.array();
    }
}
