package dev.littoral.cli.model;

import dev.littoral.checkpoint.Blocks;
import dev.littoral.checkpoint.LayerBits;
import dev.littoral.checkpoint.Quantization;
import dev.littoral.engine.Rounding;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How the weights of a checkpoint are to be run, as options that several commands share. */
final class WeightOptions {

    @Option(
            names = "--bits",
            defaultValue = "32",
            split = ",",
            paramLabel = "B",
            description = {
                "Bits per weight of every layer: 32, 16, 8, 4 or 2, or attention/mlp such as 8/4; or as many,"
                        + " with commas between, as the model has layers; default ${DEFAULT-VALUE}."
            })
    List<String> bits = List.of("32");

    @Option(
            names = {"--edge-bits", "--head-bits"},
            paramLabel = "B",
            description = "Bits per weight of the output head; default 8, or those of the layers at 16 and 32.")
    Optional<Integer> edgeBits = Optional.empty();

    @Option(
            names = "--block",
            defaultValue = "32",
            paramLabel = "N",
            description = "Weights that share a scale: 32, 64 or 128; default ${DEFAULT-VALUE}.")
    int blockSize;

    @Option(names = "--asymmetric", description = "Gives each block a zero point beside its scale.")
    boolean asymmetric;

    @Option(
            names = "--rounding",
            defaultValue = "tuned",
            paramLabel = "HOW",
            description = "tuned searches for the best steps, by the checkpoint's calibration where it has one;"
                    + " absmax takes those that the largest weight asks for; default ${DEFAULT-VALUE}.")
    String rounding = "tuned";

    @Option(
            names = "--kv-bits",
            defaultValue = "32",
            paramLabel = "B",
            description = "Bits per number of the cache of keys and values: 32, 16, or 8 after model calibrate;"
                    + " default ${DEFAULT-VALUE}.")
    int kvBits;

    @Mixin
    MachineOptions machine = new MachineOptions();

    /** Gives what layers {@code [first, end)} of a model take. */
    Quantization quantization(int first, int end, int layers) {
        List<LayerBits> all = layerBits(layers);
        return new Quantization(all.subList(first, end), headBits(all), new Blocks(blockSize, !asymmetric));
    }

    private List<LayerBits> layerBits(int layers) {
        List<LayerBits> given = bits.stream().map(LayerBits::parse).toList();
        if (given.size() == 1) {
            return Collections.nCopies(layers, given.getFirst());
        }
        if (given.size() != layers) {
            throw new IllegalArgumentException(
                    "--bits has %d widths but the model has %d layers".formatted(given.size(), layers));
        }
        return given;
    }

    private int headBits(List<LayerBits> layers) {
        int widest = layers.stream()
                .mapToInt(layer -> Math.max(layer.attention(), layer.mlp()))
                .max()
                .orElseThrow();
        return edgeBits.orElse(Math.max(8, widest));
    }

    Rounding rounding() {
        return switch (rounding.toLowerCase(Locale.ROOT)) {
            case "tuned" -> Rounding.TUNED;
            case "absmax" -> Rounding.ABSMAX;
            default -> throw new IllegalArgumentException("--rounding is " + rounding + " but must be tuned or absmax");
        };
    }

    /** Says it in few words. */
    String brief() {
        return "%s bits, block %d, %s, %s"
                .formatted(
                        String.join(",", bits),
                        blockSize,
                        asymmetric ? "asymmetric" : "symmetric",
                        rounding.toLowerCase(Locale.ROOT));
    }

    /** Gives the same run of unquantized weights. */
    WeightOptions unquantized() {
        WeightOptions options = new WeightOptions();
        options.kvBits = 32;
        options.blockSize = blockSize;
        options.machine = machine;
        return options;
    }
}
