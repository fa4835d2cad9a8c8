package dev.littoral.agent.settings;

import dev.littoral.checkpoint.Blocks;
import dev.littoral.checkpoint.LayerBits;
import dev.littoral.checkpoint.Quantization;
import dev.littoral.engine.ort.Provider;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Turns the environment into checked settings, or says all that is wrong with it. */
public final class SettingsReader extends SettingChecks {

    private static final List<Integer> WIDTHS = List.of(32, 16, 8, 4, 2);
    private static final List<Integer> KV_WIDTHS = List.of(32, 16, 8);
    private static final List<Integer> BLOCKS = List.of(32, 64, 128);
    private static final String BITS_CURE = "a width is 32, 16, 8, 4 or 2, or attention/mlp such as 8/4";
    private static final int MOST_LAYERS = 4096;

    private SettingsReader() {}

    /**
     * Checks what {@code config} says for the engine that it names.
     *
     * @throws SettingsException with every problem found
     */
    public static ServiceSettings read(AgentConfig config) {
        return switch (config.engine().strip()) {
            case "onnx" -> stage(config);
            case "openai" -> ForwardSettingsReader.read(config);
            default ->
                throw new SettingsException(
                        List.of("LITTORAL_ENGINE is '" + shown(config.engine()) + "': give onnx or openai"));
        };
    }

    /** Checks what a stage in this process needs; throws {@link SettingsException} with every problem found. */
    static AgentSettings stage(AgentConfig config) {
        return new SettingsReader().check(config);
    }

    /** Gives how long decoding sequences wait at most for a piece of a prompt; throws {@link SettingsException}. */
    public static Duration decodeWait(AgentConfig config) {
        var reader = new SettingsReader();
        Duration wait = reader.decodeWait(config.stage());
        if (!reader.problems.isEmpty()) {
            throw new SettingsException(reader.problems);
        }
        return wait;
    }

    /** Gives what computes the stage; throws {@link SettingsException}. */
    public static Provider provider(AgentConfig config) {
        var reader = new SettingsReader();
        Provider provider = reader.provider(config.stage());
        if (!reader.problems.isEmpty()) {
            throw new SettingsException(reader.problems);
        }
        return provider;
    }

    private Provider provider(AgentConfig.Stage stage) {
        return switch (stage.provider().strip()) {
            case "auto" -> Provider.AUTO;
            case "cpu" -> Provider.CPU;
            case "cuda" -> Provider.CUDA;
            default -> {
                problems.add("LITTORAL_STAGE_PROVIDER is '" + shown(stage.provider()) + "': give auto, cpu or cuda");
                yield Provider.CPU;
            }
        };
    }

    private Duration decodeWait(AgentConfig.Stage stage) {
        return time("LITTORAL_STAGE_DECODE_WAIT", stage.decodeWait());
    }

    private AgentSettings check(AgentConfig config) {
        decodeWait(config.stage());
        provider(config.stage());
        var settings = new AgentSettings(
                pod(config),
                node(config),
                bind(config),
                grpcPort(config),
                deployment(config.deployment()),
                plan(config),
                model(config),
                path(
                        "LITTORAL_CHECKPOINT",
                        config.checkpoint()
                                .or(() -> config.source()
                                        .uri()
                                        .map(uri -> config.source().cache())),
                        "the checkpoint's folder, with config.json in it, or LITTORAL_SOURCE_URI"),
                path("LITTORAL_PEERS", Optional.of(config.peers()), "the folder in which the file `next` appears"),
                stage(config.stage()),
                limits(config.limits()));
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        return settings;
    }

    private AgentSettings.Stage stage(AgentConfig.Stage stage) {
        int first = number("LITTORAL_STAGE_FIRST_LAYER", stage.firstLayer(), 0, MOST_LAYERS - 1);
        int end = number("LITTORAL_STAGE_END_LAYER", stage.endLayer(), 1, MOST_LAYERS);
        if (problems.isEmpty() && end <= first) {
            problems.add("LITTORAL_STAGE_END_LAYER is " + end + " but LITTORAL_STAGE_FIRST_LAYER is " + first
                    + ": the end is exclusive, so it must be greater");
        }
        boolean rangeKnown = problems.isEmpty();
        List<LayerBits> bits = bits(stage.bits());
        if (rangeKnown && problems.isEmpty() && bits.size() != end - first) {
            problems.add("LITTORAL_STAGE_BITS has " + bits.size() + " widths but layers " + first + " to " + (end - 1)
                    + " are " + (end - first) + ": give one width for each layer");
        }
        return new AgentSettings.Stage(
                first,
                end,
                quantization(stage, bits),
                oneOf("LITTORAL_STAGE_KV_BITS", KV_WIDTHS, stage.kvBits(), "keys and values have 32, 16 or 8"),
                number("LITTORAL_STAGE_CONTEXT_TOKENS", stage.contextTokens(), 2, MOST_CONTEXT_TOKENS),
                number("LITTORAL_STAGE_SLOTS", stage.slots(), 1, MOST_SLOTS),
                number("LITTORAL_STAGE_THREADS", Optional.of(stage.threads()), 1, MOST_SLOTS),
                path("LITTORAL_STAGE_CACHE", stage.cache(), "a folder that can be written, for quantized weights"));
    }

    /** Stands for what is wrong by something right, since a problem was told. */
    private Quantization quantization(AgentConfig.Stage stage, List<LayerBits> bits) {
        int head = oneOf("LITTORAL_STAGE_EDGE_BITS", WIDTHS, stage.edgeBits(), "the head has 32, 16, 8, 4 or 2 bits");
        int block = oneOf("LITTORAL_STAGE_BLOCK_SIZE", BLOCKS, stage.blockSize(), "a block size is 32, 64 or 128");
        boolean symmetric = truth("LITTORAL_STAGE_SYMMETRIC", stage.symmetric());
        return new Quantization(bits, head == 0 ? 32 : head, new Blocks(block == 0 ? 32 : block, symmetric));
    }

    private boolean truth(String name, String word) {
        if (!List.of("true", "false").contains(word.strip())) {
            problems.add(name + " is '" + shown(word) + "': say true or false");
        }
        return Boolean.parseBoolean(word.strip());
    }

    private List<LayerBits> bits(Optional<String> value) {
        String text = text("LITTORAL_STAGE_BITS", value, "a width for each layer, such as 8,8,4,4");
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(",", -1)).map(this::layerBits).toList();
    }

    private LayerBits layerBits(String word) {
        try {
            return LayerBits.parse(word);
        } catch (IllegalArgumentException e) {
            problems.add("LITTORAL_STAGE_BITS has '" + shown(word.strip()) + "': " + BITS_CURE);
            return LayerBits.of(32);
        }
    }

    private int oneOf(String name, List<Integer> known, String word, String cure) {
        int number = known.stream()
                .filter(one -> String.valueOf(one).equals(word.strip()))
                .findFirst()
                .orElse(0);
        if (number == 0) {
            problems.add(name + " has '" + shown(word) + "': " + cure);
        }
        return number;
    }
}
