package dev.littoral.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.littoral.checkpoint.Attention.Sight;
import dev.littoral.checkpoint.CheckpointException.Reason;
import dev.littoral.checkpoint.Rotary.Scaling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {

    private static final Quantization MIXED = new Quantization(
            List.of(LayerBits.of(4), LayerBits.of(8), LayerBits.of(32), LayerBits.of(4)), 8, new Blocks(32, true));

    private static final String SIZES = """
            "vocab_size": 100, "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 4,
            "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 32, "max_position_embeddings": 512
            """;

    @TempDir
    private Path folder;

    @Test
    void mistralSeesThroughAWindowUnlessItSaysNull() throws IOException {
        assertThat(read("MistralForCausalLM", "\"sliding_window\": 37")
                        .attention()
                        .layers())
                .hasSize(4)
                .containsOnly(new Sight(37, Rotary.unscaled(32, 10_000)));
        assertThat(windows(read("MistralForCausalLM", "\"sliding_window\": null")))
                .containsOnly(0);
        assertThat(windows(read("MistralForCausalLM", "\"use_cache\": true"))).containsOnly(4096);
    }

    @Test
    void qwenHasWindowsOnlyWhereTheyAreSwitchedOn() throws IOException {
        String from = "\"sliding_window\": 50, \"max_window_layers\": 3";
        assertThat(windows(read("Qwen2ForCausalLM", from))).containsOnly(0);
        assertThat(windows(read("Qwen3ForCausalLM", from + ", \"use_sliding_window\": true")))
                .containsExactly(0, 0, 0, 50);
    }

    @Test
    void gemmaHasLocalLayersBetweenGlobalOnesWithPositionsOfTheirOwn() throws IOException {
        ModelConfig config = read("Gemma3ForCausalLM", """
                "sliding_window": 29, "sliding_window_pattern": 3, "query_pre_attn_scalar": 16, "rope_theta": 5e5,
                "rope_local_base_freq": 2e4, "rope_scaling": {"rope_type": "linear", "factor": 8}
                """);
        Rotary local = Rotary.unscaled(32, 2e4);
        Rotary global = new Rotary(32, 5e5, new Scaling.Linear(8));
        assertThat(config.attention())
                .isEqualTo(new Attention(
                        1 / 4.0,
                        List.of(
                                new Sight(29, local),
                                new Sight(29, local),
                                new Sight(0, global),
                                new Sight(29, local))));
        assertThat(config.tiedEmbeddings()).isTrue();
        assertThat(config.ropeTheta()).isEqualTo(5e5);
    }

    @Test
    void phiRotatesAPartOfEachHead() throws IOException {
        // 32 * 0.51 = 16.32, cut to 16
        assertThat(read("Phi3ForCausalLM", "\"partial_rotary_factor\": 0.51")
                        .attention()
                        .layers()
                        .getFirst()
                        .rotary()
                        .dimensions())
                .isEqualTo(16);
    }

    @Test
    void llama3StretchesLongWavesAndLeavesShortOnes() {
        Scaling scaling = new Scaling.Llama3(8, 1, 4, 64);
        // waves longer than 64 positions are stretched by 8, those shorter than 16 are left
        assertThat(scaling.frequency(20, 0, 512)).isEqualTo(1 / 20f / 8);
        assertThat(scaling.frequency(1, 0, 512)).isEqualTo(1);
        // 2 pi / 0.25 = 25.13, 64 / 25.13 = 2.546; (2.546 - 1) / 3 = .5155 is kept: .25 * (.4845 / 8 + .5155) = .1440
        assertThat(scaling.frequency(4, 0, 512)).isBetween(0.1439f, 0.1441f);
    }

    @Test
    void longropeHasFactorsForContextsUpToTheOriginalAndOthersForLongerOnes() throws IOException {
        Rotary rotary =
                read("Phi3ForCausalLM", """
                        "partial_rotary_factor": 0.5, "original_max_position_embeddings": 64, "rope_scaling":
                        {"type": "longrope", "short_factor": [1, 1, 1, 1, 1, 1, 1, 2], "long_factor": [4, 1, 1, 1, 1, 1, 1, 8]}
                        """).attention().layers().getFirst().rotary();
        float[] plain = Rotary.unscaled(16, 10_000).frequencies(64);
        assertThat(rotary.frequencies(64)[7]).isCloseTo(plain[7] / 2, within(1e-9f));
        assertThat(rotary.frequencies(65)[0]).isEqualTo(1 / 4f);
        assertThat(rotary.frequencies(65)[7]).isCloseTo(plain[7] / 8, within(1e-9f));
        // 512 / 64 = 8 = 2^3, 64 = 2^6
        assertThat(rotary.scaling().amplitude()).isCloseTo(Math.sqrt(1.5), within(1e-12));
    }

    @Test
    void whatPhiSaysAmongItsPositionsOfTheOriginalContextDoesNotCount() throws IOException {
        Rotary rotary =
                read("Phi3ForCausalLM", """
                        "partial_rotary_factor": 0.5, "rope_scaling": {"type": "longrope",
                        "original_max_position_embeddings": 64,
                        "short_factor": [1, 1, 1, 1, 1, 1, 1, 2], "long_factor": [4, 1, 1, 1, 1, 1, 1, 8]}
                        """).attention().layers().getFirst().rotary();
        // so 4096 of transformers' own, and a context of 512 is a short one
        assertThat(rotary.frequencies(512)[7])
                .isCloseTo(Rotary.unscaled(16, 10_000).frequencies(512)[7] / 2, within(1e-9f));
        assertThat(rotary.scaling().amplitude()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "llama, LlamaForCausalLM",
        "mistral, MistralForCausalLM",
        "qwen2, Qwen2ForCausalLM",
        "qwen3, Qwen3ForCausalLM",
        "phi3, Phi3ForCausalLM",
        "gemma3_text, Gemma3ForCausalLM"
    })
    void aConfigWithoutArchitecturesIsThatOfItsType(String type, String architecture) throws IOException {
        String more = architecture.startsWith("Gemma3")
                ? "\"sliding_window\": 29, \"query_pre_attn_scalar\": 16"
                : "\"use_cache\": true";
        Files.writeString(
                folder.resolve("config.json"), "{\"model_type\": \"" + type + "\", " + SIZES + ", " + more + "}");
        assertThat(ModelConfig.read(folder).architecture()).isEqualTo(architecture);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Gemma3ForCausalLM | \"layer_types\": [\"chunked_attention\", \"x\", \"x\", \"x\"] | layer_types: it asks for chunked_attention",
                "Gemma3ForCausalLM | \"final_logit_softcapping\": 30.0 | final_logit_softcapping: it asks for 30.0",
                "Gemma3ForCausalLM | \"use_bidirectional_attention\": true | use_bidirectional_attention: it asks for true",
                "Gemma3ForCausalLM | \"hidden_activation\": \"gelu\" | hidden_activation: it asks for gelu",
                "Gemma3ForCausalLM | \"rope_parameters\": {\"rope_theta\": 5} | rope_parameters: it asks for rope_theta",
                "Gemma3ForCausalLM | \"partial_rotary_factor\": 0.5 | partial_rotary_factor: it asks for 0.5",
                "Gemma3ForCausalLM | \"rope_parameters\": {\"sliding_attention\": {\"partial_rotary_factor\": 0.5}} | partial_rotary_factor: it asks for 0.5",
                "Phi3ForCausalLM | \"rope_scaling\": {\"type\": \"longrope\", \"mscale\": 1} | rope_scaling: it asks for longrope with mscale",
                "Phi3ForCausalLM | \"partial_rotary_factor\": 0.4 | partial_rotary_factor: it asks for 0.4",
                "Qwen3ForCausalLM | \"attention_bias\": true | attention_bias: it asks for true",
                "Qwen2ForCausalLM | \"rope_scaling\": {\"type\": \"yarn\", \"factor\": 4} | rope_scaling: it asks for yarn",
                "MistralForCausalLM | \"layer_types\": [\"full_attention\"] | layer_types: it asks for",
                "GPTNeoXForCausalLM | \"use_cache\": true | architectures: it asks for GPTNeoXForCausalLM",
            })
    void whatAnArchitectureLacksIsRefusedByName(String architecture, String field, String why) {
        assertFails(Reason.ArchitectureUnsupported, architecture, field, why);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Gemma3ForCausalLM | \"sliding_window\": null | sliding_window: it is absent",
                "Gemma3ForCausalLM | \"sliding_window_pattern\": 0 | sliding_window_pattern: it is 0",
                "Qwen3ForCausalLM | \"layer_types\": [\"full_attention\"] | layer_types: it must name the kind of each of the 4",
                "LlamaForCausalLM | \"rope_scaling\": {\"rope_type\": \"llama3\", \"factor\": 8} | rope_scaling.low_freq_factor",
                "LlamaForCausalLM | \"rope_scaling\": {\"rope_type\": \"linear\", \"factor\": \"8\"} | rope_scaling.factor",
                "Phi3ForCausalLM | \"rope_scaling\": {\"type\": \"longrope\", \"short_factor\": [1]} | rope_scaling.short_factor: it must",
                "LlamaForCausalLM | \"rope_scaling\": \"linear\" | rope_scaling: it must be an object",
            })
    void aFieldThatCannotBeIsNamed(String architecture, String field, String why) {
        assertFails(Reason.ConfigInvalid, architecture, field, why);
    }

    @Test
    void layersCountTheirBiasesAndNorms() {
        // queries 4 * 32 and keys 2 * 32 with values, all by 64; output; gate, up and down 96 by 64
        long matrices = (128 + 2 * 64) * 64 + 64 * 128 + 3 * 96 * 64;
        assertThat(shape("LlamaForCausalLM").layerParameters()).isEqualTo(matrices + 2 * 64);
        assertThat(shape("MistralForCausalLM").layerParameters()).isEqualTo(matrices + 2 * 64);
        assertThat(shape("Phi3ForCausalLM").layerParameters()).isEqualTo(matrices + 2 * 64);
        assertThat(shape("Qwen2ForCausalLM").layerParameters()).isEqualTo(matrices + 2 * 64 + 128 + 2 * 64);
        assertThat(shape("Qwen3ForCausalLM").layerParameters()).isEqualTo(matrices + 2 * 64 + 2 * 32);
        assertThat(shape("Gemma3ForCausalLM").layerParameters()).isEqualTo(matrices + 4 * 64 + 2 * 32);
        // 4 bits: 2 blocks of 32 for 64 columns, 4 for 128, 3 for 96, each of 16 bytes and a scale; vectors at 4 bytes
        long blocks = (256 + 96 + 96) * 2 + 64 * 4 + 64 * 3;
        assertThat(shape("Qwen2ForCausalLM").layerBytes(LayerBits.of(4), new Blocks(32, true)))
                .isEqualTo(blocks * 20 + (2 * 64 + 256) * 4);
        assertThat(shape("Phi3ForCausalLM").layerBytes(LayerBits.of(4), new Blocks(32, true)))
                .isEqualTo(blocks * 20 + 2 * 64 * 4);
        // two tables of 100 positions
        assertThat(shape("Gemma3ForCausalLM").positionBytes(100)).isEqualTo(2 * 100 * 32 * 4);
    }

    /** A status in the cluster keeps the sizes and the architecture's name only. */
    @ParameterizedTest
    @MethodSource("names")
    void theSizesAloneSayWhatAStageTakes(String architecture) throws IOException {
        ModelConfig read = read(architecture, "\"use_cache\": true");
        ModelConfig kept = new ModelConfig(
                read.architecture(),
                read.layers(),
                read.hiddenSize(),
                read.heads(),
                read.kvHeads(),
                read.headDim(),
                read.ffnSize(),
                read.vocabularySize(),
                read.contextTokens(),
                read.normEpsilon(),
                read.ropeTheta(),
                read.tiedEmbeddings());
        assertThat(footprint(kept)).isEqualTo(footprint(read));
    }

    static Stream<String> names() {
        return Architecture.ALL.stream().map(Architecture::name);
    }

    private static StageFootprint footprint(ModelConfig config) {
        return StageFootprint.of(new ModelShape(config, 2, 0, 0), 0, MIXED, 32, 256, 3);
    }

    private static ModelShape shape(String architecture) {
        return new ModelShape(new ModelConfig(architecture, 4, 64, 4, 2, 32, 96, 100, 512, 1e-5, 1e4, false), 2, 0, 0);
    }

    private static List<Integer> windows(ModelConfig config) {
        return config.attention().layers().stream().map(Sight::windowTokens).toList();
    }

    private ModelConfig read(String architecture, String fields) throws IOException {
        Files.writeString(
                folder.resolve("config.json"),
                "{\"architectures\": [\"" + architecture + "\"], " + SIZES + ", " + fields + "}");
        return ModelConfig.read(folder);
    }

    private void assertFails(Reason reason, String architecture, String field, String why) {
        assertThatThrownBy(() -> read(architecture, field))
                .isInstanceOfSatisfying(
                        CheckpointException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining("config.json: " + why);
    }
}
