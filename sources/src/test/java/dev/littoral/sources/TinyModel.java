package dev.littoral.sources;

import dev.littoral.checkpoint.MatrixShape;
import dev.littoral.checkpoint.ModelConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** A checkpoint of about 400 kB in two shards, with files beside it that nobody needs. */
final class TinyModel {

    static final String CONFIG = """
            {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 512, "hidden_size": 64,
             "intermediate_size": 96, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
             "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "hidden_act": "silu",
             "tie_word_embeddings": true, "attention_bias": false}
            """;

    static final String SHARD_1 = "model-00001-of-00002.safetensors";
    static final String SHARD_2 = "model-00002-of-00002.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    private TinyModel() {}

    /** Gives all files of the repository by their names; the needed ones are those of {@link #needed}. */
    static Map<String, byte[]> files() {
        Map<String, byte[]> files = needed();
        files.put("README.md", utf8("# tiny"));
        files.put("pytorch_model.bin", new byte[500_000]);
        files.put("model.gguf", new byte[500_000]);
        files.put("onnx/model.onnx", new byte[1000]);
        return files;
    }

    /** Gives one of the needed files. */
    static byte[] bytes(String name) {
        return Objects.requireNonNull(needed().get(name));
    }

    static Map<String, byte[]> needed() {
        Map<String, MatrixShape> shapes = new TreeMap<>(
                new ModelConfig("LlamaForCausalLM", 2, 64, 4, 2, 16, 96, 512, 64, 1e-5, 10_000, true).tensors());
        List<String> names = new ArrayList<>(shapes.keySet());
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("config.json", utf8(CONFIG));
        files.put("generation_config.json", utf8("{\"eos_token_id\": 2}"));
        files.put("tokenizer.json", utf8("{\"version\": \"1.0\"}"));
        files.put("tokenizer_config.json", utf8("{\"chat_template\": \"{{ messages }}\"}"));
        files.put(SHARD_1, safetensors(shapes, names.subList(0, 3), 1));
        files.put(SHARD_2, safetensors(shapes, names.subList(3, names.size()), 2));
        StringBuilder index = new StringBuilder("{\"weight_map\": {");
        for (int i = 0; i < names.size(); i++) {
            index.append(i == 0 ? "" : ", ")
                    .append("\"%s\": \"%s\"".formatted(names.get(i), i < 3 ? SHARD_1 : SHARD_2));
        }
        files.put(INDEX, utf8(index.append("}}").toString()));
        return files;
    }

    private static byte[] safetensors(Map<String, MatrixShape> shapes, List<String> names, long seed) {
        StringBuilder header = new StringBuilder("{");
        long at = 0;
        for (String name : names) {
            MatrixShape shape = Objects.requireNonNull(shapes.get(name));
            String sizes = shape.rows() == 1 ? "" + shape.columns() : shape.rows() + "," + shape.columns();
            header.append(header.length() > 1 ? "," : "")
                    .append("\"%s\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
                            .formatted(name, sizes, at, at + 4 * shape.parameters()));
            at += 4 * shape.parameters();
        }
        byte[] json = utf8(header.append("}").toString());
        byte[] data = new byte[Math.toIntExact(at)];
        new SplittableRandom(seed).nextBytes(data);
        return ByteBuffer.allocate(8 + json.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .put(data)
                .array();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest("SHA-256").digest(bytes));
    }

    /** Names a file as git does. */
    static String gitBlob(byte[] bytes) {
        var digest = digest("SHA-1");
        digest.update(utf8("blob " + bytes.length + "\0"));
        return HexFormat.of().formatHex(digest.digest(bytes));
    }

    private static java.security.MessageDigest digest(String algorithm) {
        try {
            return java.security.MessageDigest.getInstance(algorithm);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads back what was brought. */
    static Map<String, byte[]> read(Path folder) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (var paths = Files.list(folder)) {
            for (Path path : paths.toList()) {
                files.put(path.getFileName().toString(), Files.readAllBytes(path));
            }
        }
        return files;
    }
}
