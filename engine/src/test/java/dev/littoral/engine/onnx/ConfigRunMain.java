package dev.littoral.engine.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.checkpoint.CheckpointException;
import dev.littoral.checkpoint.MatrixShape;
import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.engine.EngineException;
import dev.littoral.engine.ProgressListener;
import dev.littoral.engine.Sequence;
import dev.littoral.engine.Stage;
import dev.littoral.engine.StageInput;
import dev.littoral.engine.StageOutput;
import dev.littoral.engine.StageSpec;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A process of its own in which models of mutated configs are run, since a fault of native code ends the process that it
 * is in. Before each mutation its number is printed; {@code RAN} follows a model that gave logits, {@code OWN} one that was refused
 * after its config was read, {@code BAD} any other end.
 */
final class ConfigRunMain {

    private static final int MOST_PARAMETERS = 1_000_000;
    private static final int MOST_TOKENS = 6;
    private static final List<Integer> WIDTHS = List.of(32, 8, 4);
    private static final List<String> DTYPES = List.of("F32", "BF16");
    private static final List<String> ARCHITECTURES = List.of(
            "LlamaForCausalLM",
            "MistralForCausalLM",
            "Qwen2ForCausalLM",
            "Qwen3ForCausalLM",
            "Phi3ForCausalLM",
            "Gemma3ForCausalLM");

    private static final String CONFIG = """
            {"vocab_size": 100, "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2,
             "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 32, "max_position_embeddings": 512,
             "rms_norm_eps": 1e-5, "tie_word_embeddings": false, "rope_theta": 10000.0, "attention_bias": false,
             "rope_scaling": {"rope_type": "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4,
             "original_max_position_embeddings": 64}, "sliding_window": null, "use_sliding_window": false,
             "max_window_layers": 1, "layer_types": null, "query_pre_attn_scalar": 40, "sliding_window_pattern": 2,
             "partial_rotary_factor": 1.0, "rope_parameters": null, "hidden_act": "silu"}
            """;

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "false",
            "0",
            "1",
            "2",
            "3",
            "5",
            "7",
            "16",
            "17",
            "32",
            "48",
            "64",
            "80",
            "96",
            "112",
            "1000",
            "4194304",
            "1e-30",
            "0.25",
            "0.5",
            "1e12",
            "\"gelu_pytorch_tanh\"",
            "[\"full_attention\",\"sliding_attention\"]",
            "[\"sliding_attention\",\"full_attention\"]",
            "{\"full_attention\":{\"rope_type\":\"linear\",\"factor\":2},\"sliding_attention\":null}",
            "{\"rope_type\":\"linear\",\"factor\":1e6}",
            "{\"type\":\"linear\",\"factor\":2.5}");

    private final ObjectMapper mapper = new ObjectMapper();
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final Set<ModelConfig> seen = new HashSet<>();
    private final Path folder;

    private ConfigRunMain(Path folder) {
        this.folder = folder;
    }

    /** Takes a folder to work in, the first mutation, and how many models to run. */
    public static void main(String[] arguments) throws IOException {
        ConfigRunMain main = new ConfigRunMain(Path.of(arguments[0]));
        int runs = Integer.parseInt(arguments[2]);
        for (int i = Integer.parseInt(arguments[1]); runs > 0; i++) {
            runs -= main.ran(i) ? 1 : 0;
        }
    }

    private boolean ran(int number) throws IOException {
        SplittableRandom random = new SplittableRandom(number);
        String config = mutated(ARCHITECTURES.get(number % ARCHITECTURES.size()), random);
        Path checkpoint = folder.resolve("checkpoint-" + number);
        Files.createDirectories(checkpoint);
        Files.writeString(checkpoint.resolve("config.json"), config);
        out.println(number);
        try {
            ModelConfig model = ModelConfig.read(checkpoint);
            if (parameters(model) > MOST_PARAMETERS || !seen.add(model)) {
                return false;
            }
            RandomCheckpoint.write(checkpoint, config, DTYPES.get(random.nextInt(DTYPES.size())));
            run(model, checkpoint, WIDTHS.get(random.nextInt(WIDTHS.size())), random);
            out.println("RAN " + config);
            return true;
        } catch (CheckpointException | EngineException e) {
            out.println("OWN " + e.getMessage());
            return false;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError | AssertionError e) {
            out.println("BAD " + number + " " + e + " of " + config);
            return false;
        }
    }

    private String mutated(String architecture, SplittableRandom random) throws IOException {
        ObjectNode config = (ObjectNode) mapper.readTree(CONFIG);
        config.putArray("architectures").add(architecture);
        if (!architecture.startsWith("Llama")) {
            config.putNull("rope_scaling").put("sliding_window", 3);
        }
        for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
            change(config, mapper.readTree(VALUES.get(random.nextInt(VALUES.size()))), random);
        }
        return config.toString();
    }

    private static void change(ObjectNode config, JsonNode value, SplittableRandom random) {
        List<String> names = new ArrayList<>();
        config.fieldNames().forEachRemaining(names::add);
        names.remove("architectures");
        String name = names.get(random.nextInt(names.size()));
        if (config.get(name) instanceof ObjectNode nested && !nested.isEmpty() && random.nextBoolean()) {
            change(nested, value, random);
        } else if (random.nextInt(5) == 0) {
            config.remove(name);
        } else {
            config.set(name, value);
        }
    }

    private static double parameters(ModelConfig model) {
        return model.tensors().values().stream()
                .mapToDouble(MatrixShape::parameters)
                .sum();
    }

    /** Runs a prompt and one token more, where there is room. */
    private void run(ModelConfig model, Path checkpoint, int bits, SplittableRandom random) {
        int context = Math.min(model.contextTokens(), MOST_TOKENS);
        int layers = model.layers();
        StageSpec spec = new StageSpec(
                checkpoint,
                0,
                layers,
                Collections.nCopies(layers, bits),
                bits,
                32,
                context,
                1,
                1,
                checkpoint.resolve("cache"));
        try (Stage stage = new OnnxEngine().load(spec, ProgressListener.NONE);
                Sequence sequence = stage.open(context)) {
            int prompt = Math.max(1, context - 1);
            requireNumbers(
                    sequence, random.ints(prompt, 0, model.vocabularySize()).toArray());
            if (context > prompt) {
                requireNumbers(sequence, new int[] {0});
            }
        }
    }

    private static void requireNumbers(Sequence sequence, int[] tokens) {
        if (!(sequence.forward(new StageInput.Tokens(tokens)) instanceof StageOutput.Logits logits)) {
            throw new AssertionError("no logits");
        }
        for (float logit : TestStages.values(logits.lastRow())) {
            if (!Float.isFinite(logit)) {
                throw new AssertionError("a logit is " + logit);
            }
        }
    }
}
