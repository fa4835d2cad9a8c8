package dev.littoral.agent.settings;

import io.quarkus.runtime.configuration.DurationConverter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Turns the environment into checked settings, or says all that is wrong with it. */
public final class SettingsReader {

    private static final List<Integer> WIDTHS = List.of(32, 8, 4);
    private static final List<Integer> BLOCKS = List.of(32, 64, 128);
    private static final int MOST_LAYERS = 4096;
    private static final int MOST_CONTEXT_TOKENS = 1 << 20;
    private static final int MOST_SLOTS = 1024;
    private static final int MOST_UNREAD_BYTES = 1 << 24;
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    private final List<String> problems = new ArrayList<>();

    private SettingsReader() {}

    /** Checks all of {@code config}; throws {@link SettingsException} with every problem found. */
    public static AgentSettings read(AgentConfig config) {
        return new SettingsReader().check(config);
    }

    private AgentSettings check(AgentConfig config) {
        var settings = new AgentSettings(
                text("LITTORAL_POD", config.pod(), "the pod's name (downward API, metadata.name)"),
                text("LITTORAL_NODE", config.node(), "the node's name (downward API, spec.nodeName)"),
                text("LITTORAL_BIND", Optional.of(config.bind()), "the pod's address (downward API, status.podIP)"),
                number("LITTORAL_GRPC_PORT", Optional.of(config.grpcPort()), 0, 65_535),
                deployment(config.deployment()),
                text("LITTORAL_PLAN", config.plan(), "the plan's id"),
                text("LITTORAL_MODEL", config.model(), "the name under which the model is served"),
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
        List<Integer> bits = bits(stage.bits());
        if (rangeKnown && problems.isEmpty() && bits.size() != end - first) {
            problems.add("LITTORAL_STAGE_BITS has " + bits.size() + " widths but layers " + first + " to " + (end - 1)
                    + " are " + (end - first) + ": give one width for each layer");
        }
        return new AgentSettings.Stage(
                first,
                end,
                bits,
                width("LITTORAL_STAGE_EDGE_BITS", stage.edgeBits()),
                oneOf("LITTORAL_STAGE_BLOCK_SIZE", BLOCKS, stage.blockSize(), "a block size is 32, 64 or 128"),
                number("LITTORAL_STAGE_CONTEXT_TOKENS", stage.contextTokens(), 2, MOST_CONTEXT_TOKENS),
                number("LITTORAL_STAGE_SLOTS", stage.slots(), 1, MOST_SLOTS),
                number("LITTORAL_STAGE_THREADS", Optional.of(stage.threads()), 1, MOST_SLOTS),
                path("LITTORAL_STAGE_CACHE", stage.cache(), "a folder that can be written, for quantized weights"));
    }

    private AgentSettings.Limits limits(AgentConfig.Limits limits) {
        return new AgentSettings.Limits(
                number("LITTORAL_LIMITS_PREFILL_ROWS", Optional.of(limits.prefillRows()), 1, MOST_CONTEXT_TOKENS),
                time("LITTORAL_LIMITS_IDLE", limits.idle()),
                time("LITTORAL_LIMITS_STALLED_READER", limits.stalledReader()),
                time("LITTORAL_LIMITS_STEP", limits.step()),
                time("LITTORAL_LIMITS_DRAIN", limits.drain()),
                number("LITTORAL_LIMITS_UNREAD_BYTES", Optional.of(limits.unreadBytes()), 1, MOST_UNREAD_BYTES));
    }

    private Duration time(String name, String text) {
        try {
            Duration time = DurationConverter.parseDuration(text.strip());
            if (time != null && time.compareTo(SHORTEST) >= 0 && time.compareTo(LONGEST) <= 0) {
                return time;
            }
        } catch (IllegalArgumentException e) {
            // told below, in the same words as a time out of range
        }
        problems.add(name + " is '" + shown(text) + "': give a time from 1ms to 1d, such as 30s");
        return SHORTEST;
    }

    private List<Integer> bits(Optional<String> value) {
        Function<String, Integer> one = word -> width("LITTORAL_STAGE_BITS", word);
        String text = text("LITTORAL_STAGE_BITS", value, "one of 32, 8, 4 for each layer, such as 8,8,4,4");
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(",", -1)).map(one).toList();
    }

    private int width(String name, String word) {
        return oneOf(name, WIDTHS, word, "a width is 32, 8 or 4");
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

    private String deployment(Optional<String> value) {
        String text = text("LITTORAL_DEPLOYMENT", value, "the deployment as namespace/name");
        if (!text.isEmpty() && !text.matches("[^/\\s]+/[^/\\s]+")) {
            problems.add("LITTORAL_DEPLOYMENT is '" + shown(text) + "': write it as namespace/name");
        }
        return text;
    }

    private int number(String name, Optional<String> value, int least, int most) {
        String text = text(name, value, "a whole number from " + least + " to " + most);
        if (text.isEmpty()) {
            return 0;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below, in the same words as a number out of range
        }
        problems.add(name + " is '" + shown(text) + "': give a whole number from " + least + " to " + most);
        return least;
    }

    private Path path(String name, Optional<String> value, String meaning) {
        String text = text(name, value, meaning);
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            problems.add(name + " is no path: give " + meaning);
            return Path.of("");
        }
    }

    private String text(String name, Optional<String> value, String meaning) {
        String text = value.map(String::strip).orElse("");
        if (text.isEmpty()) {
            problems.add(name + " is not set: give " + meaning);
        }
        return text;
    }

    private static String shown(String word) {
        return word.length() <= 64 ? word : word.substring(0, 64) + "…";
    }
}
