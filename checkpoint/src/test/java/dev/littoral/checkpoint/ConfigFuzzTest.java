package dev.littoral.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every config.json ends in a model whose sizes can be counted, or in one exception of our own. */
class ConfigFuzzTest {

    private static final int MUTATIONS = 1000 * Integer.getInteger("littoral.fuzz", 1);

    private static final String CONFIG = """
            {"architectures": ["LlamaForCausalLM"], "vocab_size": 100, "hidden_size": 64, "intermediate_size": 96,
             "num_hidden_layers": 4, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 32,
             "max_position_embeddings": 512, "rms_norm_eps": 1e-5, "tie_word_embeddings": false,
             "rope_scaling": {"rope_type": "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4,
             "original_max_position_embeddings": 64}, "rope_theta": 10000.0, "attention_bias": false,
             "sliding_window": null, "use_sliding_window": false, "max_window_layers": 2, "layer_types": null,
             "query_pre_attn_scalar": 40, "sliding_window_pattern": 3, "partial_rotary_factor": 1.0,
             "rope_parameters": null, "num_experts": 0}
            """;

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1",
            "16",
            "48",
            "2147483647",
            "-2147483648",
            "99999999999999999999",
            "1e400",
            "1e-400",
            "0.5",
            "\"default\"",
            "\"linear\"",
            "\"\"",
            "[]",
            "{}",
            "[\"full_attention\",\"sliding_attention\",\"sliding_attention\",\"full_attention\"]",
            "[null,1,{},\"x\"]",
            "{\"full_attention\":{\"rope_type\":\"linear\",\"factor\":2},\"sliding_attention\":null}",
            "{\"rope_type\":7}",
            "4194304");

    @TempDir
    private Path folder;

    static List<String> names() {
        return Architecture.ALL.stream().map(Architecture::name).toList();
    }

    @ParameterizedTest
    @MethodSource("names")
    void aMutatedConfigIsAModelOrIsRefused(String architecture) throws IOException {
        SplittableRandom random = new SplittableRandom(42);
        ObjectMapper mapper = new ObjectMapper();
        int read = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            ObjectNode config = (ObjectNode) mapper.readTree(CONFIG.replace("LlamaForCausalLM", architecture));
            if (!architecture.startsWith("Llama")) {
                config.putNull("rope_scaling").put("sliding_window", 30);
            }
            for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
                change(config, mapper.readTree(VALUES.get(random.nextInt(VALUES.size()))), random);
            }
            byte[] bytes = config.toString().getBytes(StandardCharsets.UTF_8);
            if (random.nextInt(10) == 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            read += endsWell(bytes) ? 1 : 0;
        }
        // some mutations change nothing that matters, most do
        assertThat(read).isBetween(MUTATIONS / 50, MUTATIONS * 9 / 10);
    }

    private static void change(ObjectNode config, JsonNode value, SplittableRandom random) {
        List<String> names = new ArrayList<>();
        config.fieldNames().forEachRemaining(names::add);
        String name = names.get(random.nextInt(names.size()));
        if (config.get(name) instanceof ObjectNode nested && !nested.isEmpty() && random.nextBoolean()) {
            change(nested, value, random);
        } else if (random.nextInt(5) == 0) {
            config.remove(name);
        } else {
            config.set(name, value);
        }
    }

    /** Says whether it was read; anything but our own exception comes through. */
    private boolean endsWell(byte[] bytes) throws IOException {
        Path file = folder.resolve("config.json");
        Files.deleteIfExists(file); // some disks are slow to write over a file, for fear of losing both
        Files.write(file, bytes);
        try {
            ModelConfig config = ModelConfig.read(folder);
            assertThat(config.attention().layers()).hasSize(config.layers());
            StageFootprint stage = StageFootprint.of(
                    new ModelShape(config, 2, 0, 0),
                    0,
                    Quantization.uniform(1, 8, 8, new Blocks(32, true)),
                    32,
                    Math.min(config.contextTokens(), 4096),
                    2);
            assertThat(stage.weightBytes()).isPositive();
            assertThat(stage.totalBytes()).isGreaterThan(stage.weightBytes());
            assertThat(config.attention().layers().getFirst().rotary().frequencies(config.contextTokens()))
                    .doesNotContain(Float.NaN);
            return true;
        } catch (CheckpointException e) {
            assertThat(e.file()).endsWith("config.json");
            return false;
        }
    }
}
