package dev.littoral.operator.it;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes checkpoints of 8 layers and 6 million zeros. */
final class TinyCheckpoint {

    private static final int LAYERS = 8;
    private static final int HIDDEN = 256;
    private static final int HEADS = 8;
    private static final int KV_HEADS = 4;
    private static final int HEAD_DIM = 32;
    private static final int FFN = 704;
    private static final int VOCABULARY = 512;

    private TinyCheckpoint() {}

    static void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), """
                {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "num_hidden_layers": %d, "hidden_size": %d,
                 "num_attention_heads": %d, "num_key_value_heads": %d, "head_dim": %d, "intermediate_size": %d,
                 "vocab_size": %d, "max_position_embeddings": 512, "rms_norm_eps": 1e-5, "rope_theta": 10000.0,
                 "tie_word_embeddings": true, "hidden_act": "silu"}
                """.formatted(
                        LAYERS, HIDDEN, HEADS, KV_HEADS, HEAD_DIM, FFN, VOCABULARY));
        writeTensors(folder.resolve("model.safetensors"), tensors());
    }

    private static Map<String, List<Integer>> tensors() {
        Map<String, List<Integer>> shapes = new LinkedHashMap<>();
        shapes.put("model.embed_tokens.weight", List.of(VOCABULARY, HIDDEN));
        shapes.put("model.norm.weight", List.of(HIDDEN));
        for (int layer = 0; layer < LAYERS; layer++) {
            String prefix = "model.layers." + layer + ".";
            shapes.put(prefix + "self_attn.q_proj.weight", List.of(HEADS * HEAD_DIM, HIDDEN));
            shapes.put(prefix + "self_attn.k_proj.weight", List.of(KV_HEADS * HEAD_DIM, HIDDEN));
            shapes.put(prefix + "self_attn.v_proj.weight", List.of(KV_HEADS * HEAD_DIM, HIDDEN));
            shapes.put(prefix + "self_attn.o_proj.weight", List.of(HIDDEN, HEADS * HEAD_DIM));
            shapes.put(prefix + "mlp.gate_proj.weight", List.of(FFN, HIDDEN));
            shapes.put(prefix + "mlp.up_proj.weight", List.of(FFN, HIDDEN));
            shapes.put(prefix + "mlp.down_proj.weight", List.of(HIDDEN, FFN));
            shapes.put(prefix + "input_layernorm.weight", List.of(HIDDEN));
            shapes.put(prefix + "post_attention_layernorm.weight", List.of(HIDDEN));
        }
        return shapes;
    }

    private static void writeTensors(Path file, Map<String, List<Integer>> shapes) throws IOException {
        Map<String, Object> header = new LinkedHashMap<>();
        long offset = 0;
        for (var shape : shapes.entrySet()) {
            long bytes =
                    2 * shape.getValue().stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
            header.put(
                    shape.getKey(),
                    Map.of(
                            "dtype", "BF16",
                            "shape", shape.getValue(),
                            "data_offsets", List.of(offset, offset + bytes)));
            offset += bytes;
        }
        byte[] json = JsonMapper.builder().build().writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
        ByteBuffer start = ByteBuffer.allocate(8 + json.length).order(ByteOrder.LITTLE_ENDIAN);
        start.putLong(json.length).put(json).flip();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(start);
            channel.write(ByteBuffer.allocate(1), 8 + json.length + offset - 1);
        }
    }
}
