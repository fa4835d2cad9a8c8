package dev.littoral.engine.onnx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/** Writes the checkpoint of odd sizes whose logits golden.py computed, from the same formula. */
final class RandomCheckpoint {

    static final int VOCABULARY = 997;
    static final int LAYERS = 5;
    static final int HIDDEN = 144;
    private static final int QUERIES = 6 * 48;
    private static final int KEYS = 3 * 48;
    private static final int FFN = 208;

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
        float[] values = uniform("prompt" + length, length);
        int[] tokens = new int[length];
        for (int i = 0; i < length; i++) {
            tokens[i] = (int) ((values[i] + 0.5) * VOCABULARY);
        }
        return tokens;
    }

    static Path write(Path folder, boolean tied, String dtype, double theta) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), """
                {"architectures": ["LlamaForCausalLM"], "vocab_size": 997, "hidden_size": 144,
                 "intermediate_size": 208, "num_hidden_layers": 5, "num_attention_heads": 6,
                 "num_key_value_heads": 3, "head_dim": 48, "max_position_embeddings": 512, "rms_norm_eps": 1e-5,
                 "rope_parameters": {"rope_type": "default", "rope_theta": %s}, "tie_word_embeddings": %s,
                 "hidden_act": "silu", "eos_token_id": null}
                """.formatted(theta, tied));
        StringBuilder header = new StringBuilder("{");
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (var tensor : tensors(tied).entrySet()) {
            int begin = data.size();
            data.write(bytes(values(tensor.getKey(), tensor.getValue()), dtype));
            header.append(header.length() == 1 ? "" : ",")
                    .append("\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                            .formatted(
                                    tensor.getKey(),
                                    dtype,
                                    java.util.Arrays.toString(tensor.getValue()),
                                    begin,
                                    data.size()));
        }
        byte[] json = header.append("}").toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + json.length + data.size()).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json).put(data.toByteArray());
        Files.write(folder.resolve("model.safetensors"), file.array());
        return folder;
    }

    private static Map<String, int[]> tensors(boolean tied) {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        shapes.put("model.embed_tokens.weight", new int[] {VOCABULARY, HIDDEN});
        for (int i = 0; i < LAYERS; i++) {
            String layer = "model.layers." + i + ".";
            shapes.put(layer + "self_attn.q_proj.weight", new int[] {QUERIES, HIDDEN});
            shapes.put(layer + "self_attn.k_proj.weight", new int[] {KEYS, HIDDEN});
            shapes.put(layer + "self_attn.v_proj.weight", new int[] {KEYS, HIDDEN});
            shapes.put(layer + "self_attn.o_proj.weight", new int[] {HIDDEN, QUERIES});
            shapes.put(layer + "mlp.gate_proj.weight", new int[] {FFN, HIDDEN});
            shapes.put(layer + "mlp.up_proj.weight", new int[] {FFN, HIDDEN});
            shapes.put(layer + "mlp.down_proj.weight", new int[] {HIDDEN, FFN});
            shapes.put(layer + "input_layernorm.weight", new int[] {HIDDEN});
            shapes.put(layer + "post_attention_layernorm.weight", new int[] {HIDDEN});
        }
        shapes.put("model.norm.weight", new int[] {HIDDEN});
        if (!tied) {
            shapes.put("lm_head.weight", new int[] {VOCABULARY, HIDDEN});
        }
        return shapes;
    }

    private static float[] values(String name, int[] shape) {
        float[] values = uniform(name, shape.length == 1 ? shape[0] : shape[0] * shape[1]);
        float scale = shape.length == 1 ? 0.5f : (float) (3.5 / Math.sqrt(shape[1]));
        for (int i = 0; i < values.length; i++) {
            values[i] = shape.length == 1 ? 1 + values[i] * scale : values[i] * scale;
        }
        return values;
    }

    private static byte[] bytes(float[] values, String dtype) {
        boolean whole = dtype.equals("F32");
        ByteBuffer bytes = ByteBuffer.allocate(values.length * (whole ? 4 : 2)).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            if (whole) {
                bytes.putFloat(value);
            } else {
                bytes.putShort((short) (Float.floatToIntBits(value) >>> 16));
            }
        }
        return bytes.array();
    }
}
