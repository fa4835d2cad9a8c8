package dev.littoral.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.littoral.checkpoint.CheckpointException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {

    @TempDir
    private Path folder;

    @Test
    void aWholeCheckpointSaysItsShape() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(TinyCheckpoint.write(folder))) {
            ModelShape shape = checkpoint.shape();
            // queries and keys and values (32 + 2 * 16) * 32, output 32 * 32, gate, up and down 3 * 48 * 32, norms 2 *
            // 32
            assertThat(shape.layerParameters()).isEqualTo(64 * 32 + 32 * 32 + 3 * 48 * 32 + 2 * 32);
            // and the embedding 10 * 32, the last norm 32; the head is tied
            assertThat(shape.storedParameters()).isEqualTo(2 * shape.layerParameters() + 10 * 32 + 32);
            assertThat(shape.storedBytes()).isEqualTo(4 * shape.storedParameters());
            assertThat(checkpoint.config())
                    .isEqualTo(new ModelConfig("LlamaForCausalLM", 2, 32, 2, 1, 16, 48, 10, 64, 1e-5, 10_000, true));
        }
    }

    @Test
    void anIndexOfManyFilesReadsLikeOneFile() throws IOException {
        TinyCheckpoint.write(folder);
        Files.delete(folder.resolve("model.safetensors"));
        writeShards("a.safetensors", "b.safetensors");
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.shape().storedBytes())
                    .isEqualTo(TinyCheckpoint.shapes().values().stream()
                            .mapToLong(shape -> 4 * shape.parameters())
                            .sum());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../a.safetensors", "/etc/passwd", "sub/a.safetensors", "..", "a.bin", ""})
    void anIndexThatLeavesTheFolderIsRefused(String file) throws IOException {
        TinyCheckpoint.write(folder);
        Files.delete(folder.resolve("model.safetensors"));
        TinyCheckpoint.writeIndex(folder, Map.of("model.norm.weight", file));
        assertFails(Reason.ConfigInvalid, "is no plain name of a safetensors file");
    }

    @Test
    void aShardThatIsMissingIsNamed() throws IOException {
        TinyCheckpoint.write(folder);
        Files.delete(folder.resolve("model.safetensors"));
        writeShards("a.safetensors", "b.safetensors");
        Files.delete(folder.resolve("b.safetensors"));
        assertFails(Reason.WeightsMissing, "b.safetensors: there is no such file");
    }

    @Test
    void aMissingFolderIsNamed() {
        assertThatThrownBy(() -> Checkpoint.open(folder.resolve("absent")))
                .isInstanceOfSatisfying(
                        CheckpointException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CheckpointMissing))
                .hasMessageContaining("absent: there is no such folder");
    }

    @Test
    void aFolderWithoutConfigIsRefused() throws IOException {
        Files.delete(TinyCheckpoint.write(folder).resolve("config.json"));
        assertFails(Reason.ConfigMissing, "config.json: there is no such file");
    }

    @Test
    void anAdapterIsRefusedByNameAloneAndBesideAWholeModel() throws IOException {
        Files.writeString(TinyCheckpoint.write(folder).resolve("adapter_config.json"), "{\"peft_type\": \"LORA\"}");
        assertFails(Reason.ArchitectureUnsupported, "adapter_config.json: it asks for an adapter");
        Files.delete(folder.resolve("config.json"));
        assertFails(Reason.ArchitectureUnsupported, "merge the adapter into its model");
    }

    @Test
    void aByteOrderMarkIsNamed() throws IOException {
        TinyCheckpoint.write(folder, "\ufeff" + TinyCheckpoint.CONFIG);
        assertFails(
                Reason.ConfigInvalid, "config.json: it begins with a byte order mark; save it as UTF-8 without one");
    }

    @Test
    void aTemplateThatIsNotUtf8IsRefused() throws IOException {
        Files.write(folder.resolve("chat_template.jinja"), new byte[] {'a', (byte) 0xe4, 'b'});
        assertThatThrownBy(() -> JsonFile.text(folder, "chat_template.jinja"))
                .isInstanceOfSatisfying(
                        CheckpointException.class, e -> assertThat(e.reason()).isEqualTo(Reason.ConfigInvalid))
                .hasMessageContaining("chat_template.jinja: it is not valid UTF-8");
        Files.writeString(folder.resolve("chat_template.jinja"), "a\u00e4\ud83d\ude00");
        assertThat(JsonFile.text(folder, "chat_template.jinja")).contains("a\u00e4\ud83d\ude00");
    }

    @Test
    void aFolderWithoutWeightsIsRefused() throws IOException {
        Files.delete(TinyCheckpoint.write(folder).resolve("model.safetensors"));
        assertFails(Reason.WeightsMissing, "neither model.safetensors nor model.safetensors.index.json");
    }

    @Test
    void aTensorThatIsMissingIsNamed() throws IOException {
        TinyCheckpoint.write(folder);
        List<String> names = new ArrayList<>(TinyCheckpoint.shapes().keySet());
        names.remove("model.layers.1.mlp.up_proj.weight");
        Files.write(folder.resolve("model.safetensors"), TinyCheckpoint.safetensors(names));
        assertFails(Reason.WeightsMissing, "model.layers.1.mlp.up_proj.weight: no file has this tensor");
    }

    @Test
    void aTensorOfAnotherShapeIsNamed() throws IOException {
        TinyCheckpoint.write(folder, TinyCheckpoint.CONFIG.replace("\"vocab_size\": 10", "\"vocab_size\": 11"));
        assertFails(
                Reason.WeightsInvalid,
                "model.embed_tokens.weight: its shape is [10, 32] but config.json asks for 11 x 32");
    }

    @Test
    void weightsThatAreNoFloatsAreRefused() throws IOException {
        TinyCheckpoint.write(folder);
        byte[] bytes = TinyCheckpoint.safetensors(TinyCheckpoint.shapes().keySet());
        String text = new String(bytes, StandardCharsets.ISO_8859_1).replaceFirst("F32", "I32");
        Files.write(folder.resolve("model.safetensors"), text.getBytes(StandardCharsets.ISO_8859_1));
        assertFails(Reason.WeightsInvalid, "its dtype is I32 but weights must be F32, F16 or BF16");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"hidden_size\": 32 | \"hidden_size\": -1 | hidden_size: it is -1",
                "\"hidden_size\": 32 | \"hidden_size\": 1 | hidden_size: it is 1 but must be a whole number from 2",
                "\"hidden_size\": 32 | \"hidden_size\": \"32\" | hidden_size: it is \"32\"",
                "\"hidden_size\": 32 | \"other\": 1 | hidden_size: it is absent",
                "\"num_hidden_layers\": 2 | \"num_hidden_layers\": 1000000000 | from 1 to 4096",
                "\"num_hidden_layers\": 2 | \"num_hidden_layers\": 1e99 | num_hidden_layers: it is",
                "\"num_key_value_heads\": 1 | \"num_key_value_heads\": 3 | from 1 to 2",
                "\"vocab_size\": 10 | \"vocab_size\": 0 | vocab_size: it is 0",
                "\"rms_norm_eps\": 1e-5 | \"rms_norm_eps\": \"small\" | rms_norm_eps",
                "\"rope_theta\": 10000.0 | \"rope_theta\": 0 | rope_theta: it is 0",
                "\"tie_word_embeddings\": true | \"tie_word_embeddings\": 1 | tie_word_embeddings: it is 1",
                "\"rope_theta\": 10000.0 | \"hidden_size\": 32 | Duplicate field 'hidden_size'",
                "\"rope_theta\": 10000.0 | \"dual_chunk_attention_config\": 7 | dual_chunk_attention_config: it must be an object",
                "\"silu\" | silu | it is not valid JSON at line",
            })
    void aConfigFieldThatCannotBeIsNamed(String from, String to, String why) throws IOException {
        TinyCheckpoint.write(folder, TinyCheckpoint.CONFIG.replace(from, to));
        assertFails(Reason.ConfigInvalid, why);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[\"LlamaForCausalLM\"] | [\"MambaForCausalLM\"] | architectures: it asks for MambaForCausalLM",
                "\"silu\" | \"gelu\" | hidden_act: it asks for gelu",
                "\"attention_bias\": false | \"attention_bias\": true | attention_bias",
                "\"attention_bias\": false | \"mlp_bias\": true | mlp_bias",
                "\"attention_bias\": false | \"rope_scaling\": {\"rope_type\": \"dynamic\", \"factor\": 2} | rope_scaling: it asks for dynamic",
                "\"attention_bias\": false | \"rope_scaling\": {\"rope_type\": \"linear\", \"factor\": 2, \"beta_fast\": 32} | rope_scaling: it asks for linear with beta_fast",
                "\"attention_bias\": false | \"partial_rotary_factor\": 0.5 | partial_rotary_factor: it asks for 0.5",
                "\"attention_bias\": false | \"rope_parameters\": {\"rope_type\": \"yarn\"} | rope_parameters: it asks for yarn",
                "\"attention_bias\": false | \"sliding_window\": 128 | sliding_window: it asks for 128",
                "\"attention_bias\": false | \"attn_logit_softcapping\": 50.0 | attn_logit_softcapping: it asks for 50.0",
                "\"attention_bias\": false | \"logit_scale\": 0.0625 | logit_scale: it asks for 0.0625",
                "\"attention_bias\": false | \"num_local_experts\": 8 | num_local_experts: it asks for 8",
                "\"attention_bias\": false | \"head_dim\": 24 | head_dim: it asks for 24",
                "\"attention_bias\": false | \"quantization_config\": {} | quantization_config",
            })
    void whatWeDoNotRunIsRefusedByName(String from, String to, String why) throws IOException {
        TinyCheckpoint.write(folder, TinyCheckpoint.CONFIG.replace(from, to));
        assertFails(Reason.ArchitectureUnsupported, why);
    }

    @Test
    void whatChangesNothingIsNotRefused() throws IOException {
        TinyCheckpoint.write(folder, TinyCheckpoint.CONFIG.replace("\"attention_bias\": false", """
                "attention_bias": false, "mlp_bias": null, "pretraining_tp": 1, "rope_scaling": null, "head_dim": null,
                "num_experts": 0, "logit_scale": 1, "dual_chunk_attention_config": {"chunk_size": 262144},
                "use_qk_norm": false, "torch_dtype": "bfloat16", "_name_or_path": "x"
                """));
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.config().layers()).isEqualTo(2);
        }
    }

    private void writeShards(String first, String second) throws IOException {
        Map<String, String> fileOfTensor = new HashMap<>();
        List<String> names = List.copyOf(TinyCheckpoint.shapes().keySet());
        List<String> ones = names.subList(0, 5);
        List<String> others = names.subList(5, names.size());
        Files.write(folder.resolve(first), TinyCheckpoint.safetensors(ones));
        Files.write(folder.resolve(second), TinyCheckpoint.safetensors(others));
        ones.forEach(name -> fileOfTensor.put(name, first));
        others.forEach(name -> fileOfTensor.put(name, second));
        TinyCheckpoint.writeIndex(folder, fileOfTensor);
    }

    private void assertFails(Reason reason, String why) {
        assertThatThrownBy(() -> Checkpoint.open(folder))
                .isInstanceOfSatisfying(
                        CheckpointException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(why)
                .hasMessageContaining(folder.toString());
    }
}
