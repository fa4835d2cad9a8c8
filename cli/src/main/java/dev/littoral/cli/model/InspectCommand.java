package dev.littoral.cli.model;

import dev.littoral.checkpoint.Blocks;
import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.checkpoint.ModelShape;
import dev.littoral.checkpoint.Quantization;
import dev.littoral.checkpoint.StageFootprint;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what a checkpoint is and what a node needs to run it. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = "Says what a checkpoint is and what a node needs to run it whole.")
final class InspectCommand implements Callable<Integer> {

    private static final List<Integer> WIDTHS = List.of(32, 16, 8, 4, 2);
    private static final int USUAL_CONTEXT = 4096;

    @Spec
    private final CommandSpec spec = CommandSpec.create();

    @Mixin
    private CheckpointFolder checkpoint = new CheckpointFolder();

    @Option(
            names = "--context",
            paramLabel = "N",
            description = "Tokens of a sequence; default the model's own, at most " + USUAL_CONTEXT + ".")
    private Optional<Integer> context = Optional.empty();

    @Option(names = "--slots", defaultValue = "1", paramLabel = "N", description = "Sequences at once.")
    private int slots;

    @Option(names = "--block", defaultValue = "32", paramLabel = "N", description = "Weights that share a scale.")
    private int blockSize;

    @Option(names = "--asymmetric", description = "Gives each block a zero point beside its scale.")
    private boolean asymmetric;

    @Option(
            names = "--kv-bits",
            defaultValue = "32",
            paramLabel = "B",
            description = "Of keys and values: 32, 16 or 8.")
    private int kvBits;

    @Override
    public Integer call() {
        if (slots < 1) {
            throw new IllegalArgumentException("--slots must be at least 1");
        }
        if (!StageFootprint.BLOCKS.contains(blockSize)) {
            throw new IllegalArgumentException("--block must be 32, 64 or 128");
        }
        if (!StageFootprint.KV_WIDTHS.contains(kvBits)) {
            throw new IllegalArgumentException("--kv-bits must be 32, 16 or 8");
        }
        ModelShape shape;
        try (Checkpoint opened = Checkpoint.open(checkpoint.path())) {
            shape = opened.shape();
        }
        int tokens = context.orElse(Math.min(USUAL_CONTEXT, shape.config().contextTokens()));
        if (tokens < 1 || tokens > shape.config().contextTokens()) {
            throw new IllegalArgumentException("--context must be 1 to %d, what the model was made for"
                    .formatted(shape.config().contextTokens()));
        }
        PrintWriter out = spec.commandLine().getOut();
        describe(out, shape);
        out.printf("%nA node that runs it whole, %d tokens of context, %d sequences at once:%n", tokens, slots);
        out.printf(
                "%-6s%14s%14s%14s%14s%14s%14s%n",
                "BITS", "WEIGHTS", "KV CACHE", "ACTIVATIONS", "TOKENIZER", "RUNTIME", "TOTAL");
        for (int bits : WIDTHS) {
            row(out, bits, footprint(shape, bits, tokens));
        }
        out.flush();
        return 0;
    }

    private StageFootprint footprint(ModelShape shape, int bits, int tokens) {
        Quantization quantization =
                Quantization.uniform(shape.layers(), bits, Math.max(8, bits), new Blocks(blockSize, !asymmetric));
        return StageFootprint.of(shape, 0, quantization, kvBits, tokens, slots);
    }

    private static void describe(PrintWriter out, ModelShape shape) {
        ModelConfig config = shape.config();
        line(out, "architecture", config.architecture());
        line(out, "layers", config.layers());
        line(out, "hidden size", config.hiddenSize());
        line(out, "feed-forward size", config.ffnSize());
        line(
                out,
                "heads",
                "%d, %d for keys and values, of size %d".formatted(config.heads(), config.kvHeads(), config.headDim()));
        line(out, "vocabulary", config.vocabularySize());
        line(out, "context", "%d tokens".formatted(config.contextTokens()));
        line(out, "output head", config.tiedEmbeddings() ? "the embedding" : "its own");
        line(out, "parameters", String.format(Locale.ROOT, "%,d", shape.storedParameters()));
        line(out, "stored bytes", String.format(Locale.ROOT, "%,d", shape.storedBytes()));
    }

    private static void line(PrintWriter out, String name, Object value) {
        out.printf("%-20s%s%n", name, value);
    }

    private static void row(PrintWriter out, int bits, StageFootprint footprint) {
        out.printf(
                "%-6d%14s%14s%14s%14s%14s%14s%n",
                bits,
                mib(footprint.weightBytes()),
                mib(footprint.kvBytes()),
                mib(footprint.activationBytes()),
                mib(footprint.tokenizerBytes()),
                mib(footprint.runtimeBytes()),
                mib(footprint.totalBytes()));
    }

    private static String mib(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20));
    }
}
