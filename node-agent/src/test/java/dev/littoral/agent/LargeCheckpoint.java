package dev.littoral.agent;

import dev.littoral.checkpoint.MatrixShape;
import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.testing.LargeTokenizer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;

/** Writes a checkpoint of two small layers of random weights with a vocabulary as large as those that people run. */
final class LargeCheckpoint {

    static final int LAYERS = 2;

    private static final String GEMMA = """
            {"architectures": ["Gemma3ForCausalLM"], "hidden_activation": "gelu_pytorch_tanh",
             "query_pre_attn_scalar": 32, "sliding_window": 128, "sliding_window_pattern": 2, "rope_theta": 1000000.0,
             "rope_local_base_freq": 10000.0, "tie_word_embeddings": true, "eos_token_id": 1,
            """;
    private static final String LLAMA = """
            {"architectures": ["LlamaForCausalLM"], "hidden_act": "silu", "rope_theta": 500000.0,
             "tie_word_embeddings": true, "eos_token_id": 128001,
            """;

    private LargeCheckpoint() {}

    static Path write(Path folder, LargeTokenizer tokenizer) throws IOException {
        Files.createDirectories(folder);
        tokenizer.write(folder.resolve("tokenizer.json"));
        String kind = switch (tokenizer) {
            case GEMMA_3 -> GEMMA;
            case LLAMA_3 -> LLAMA;
        };
        String sizes = """
                 "vocab_size": %d, "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2,
                 "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 32, "max_position_embeddings": 512,
                 "rms_norm_eps": 1e-6}
                """.formatted(tokenizer.words());
        Files.writeString(folder.resolve("config.json"), kind + sizes);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(folder.resolve("model.safetensors")))) {
            weights(ModelConfig.read(folder).tensors(), out);
        }
        return folder;
    }

    private static void weights(Map<String, MatrixShape> tensors, OutputStream out) throws IOException {
        StringBuilder header = new StringBuilder("{");
        long begin = 0;
        for (var tensor : tensors.entrySet()) {
            MatrixShape shape = tensor.getValue();
            String sizes = shape.rows() == 1 ? "" + shape.columns() : shape.rows() + "," + shape.columns();
            long end = begin + 2 * shape.parameters();
            header.append("%s\"%s\":{\"dtype\":\"BF16\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
                    .formatted(begin == 0 ? "" : ",", tensor.getKey(), sizes, begin, end));
            begin = end;
        }
        byte[] json = header.append("}").toString().getBytes(StandardCharsets.UTF_8);
        out.write(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .array());
        out.write(json);
        SplittableRandom random = new SplittableRandom(42);
        for (MatrixShape shape : tensors.values()) {
            for (long i = 0; i < shape.parameters(); i++) {
                int bits = Float.floatToIntBits((float) random.nextDouble(-0.4, 0.4)) >>> 16;
                out.write(bits);
                out.write(bits >>> 8);
            }
        }
    }
}
