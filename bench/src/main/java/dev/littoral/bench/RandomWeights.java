package dev.littoral.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.checkpoint.MatrixShape;
import dev.littoral.checkpoint.ModelConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SplittableRandom;

/** Writes checkpoints of seeded normal weights in bf16, with an output head of their own. */
final class RandomWeights {

    private RandomWeights() {}

    static Path write(Path folder, int layers, int hidden, int ffn, int vocabulary) throws IOException {
        Files.createDirectories(folder);
        int heads = hidden / 64;
        Files.writeString(folder.resolve("config.json"), """
                {"architectures": ["LlamaForCausalLM"], "vocab_size": %d, "hidden_size": %d, "intermediate_size": %d,
                 "num_hidden_layers": %d, "num_attention_heads": %d, "num_key_value_heads": %d, "head_dim": 64,
                 "max_position_embeddings": 4096, "rms_norm_eps": 1e-6, "rope_theta": 10000.0, "hidden_act": "silu",
                 "tie_word_embeddings": false}
                """.formatted(
                        vocabulary, hidden, ffn, layers, heads, heads % 7 == 0 ? heads / 7 : heads));
        Map<String, MatrixShape> tensors = ModelConfig.read(folder).tensors();
        ObjectNode header = new ObjectMapper().createObjectNode();
        long at = 0;
        for (Map.Entry<String, MatrixShape> tensor : tensors.entrySet()) {
            ObjectNode info = header.putObject(tensor.getKey()).put("dtype", "BF16");
            MatrixShape shape = tensor.getValue();
            if (shape.rows() > 1) {
                info.withArray("shape").add(shape.rows()).add(shape.columns());
            } else {
                info.withArray("shape").add(shape.columns());
            }
            info.withArray("data_offsets").add(at).add(at + 2 * shape.parameters());
            at += 2 * shape.parameters();
        }
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        try (FileChannel channel = FileChannel.open(
                folder.resolve("model.safetensors"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer head = ByteBuffer.allocate(8 + json.length).order(ByteOrder.LITTLE_ENDIAN);
            channel.write(head.putLong(json.length).put(json).flip());
            numbers(channel, at);
            channel.force(true);
        }
        return folder;
    }

    private static void numbers(FileChannel channel, long bytes) throws IOException {
        SplittableRandom random = new SplittableRandom(42);
        short[] drawn = new short[1 << 16];
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = (short) (Float.floatToIntBits((float) (0.02 * random.nextGaussian())) >>> 16);
        }
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
        for (long left = bytes; left > 0; left -= buffer.capacity()) {
            buffer.clear();
            while (buffer.hasRemaining()) {
                buffer.putShort(drawn[random.nextInt(drawn.length)]);
            }
            buffer.flip().limit((int) Math.min(left, buffer.capacity()));
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }
    }
}
