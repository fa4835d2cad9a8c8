package dev.littoral.engine;

import dev.littoral.checkpoint.Blocks;
import dev.littoral.checkpoint.LayerBits;
import dev.littoral.checkpoint.Quantization;
import dev.littoral.checkpoint.StageFootprint;
import java.nio.file.Path;
import java.util.List;

/**
 * Names the layers {@code [firstLayer, endLayer)} of a checkpoint and how to run them.
 *
 * @param checkpoint folder in Hugging Face layout
 * @param quantization of the stage's layers, and of the output head where it is the last stage's
 * @param rounding of weights to 8 bits or fewer
 * @param kvBits 32, 16 or 8 for each number of the cache of keys and values
 * @param contextTokens most tokens of a sequence, prompt and answer
 * @param slots sequences at once
 * @param threads that compute it; the first load in a process fixes them for all its stages
 * @param cache folder for prepared weights; made when missing
 */
public record StageSpec(
        Path checkpoint,
        int firstLayer,
        int endLayer,
        Quantization quantization,
        Rounding rounding,
        int kvBits,
        int contextTokens,
        int slots,
        int threads,
        Path cache) {

    public StageSpec {
        Bounds.require(
                firstLayer >= 0 && endLayer > firstLayer,
                "layers",
                firstLayer + " to " + endLayer,
                "a range of layers");
        Bounds.require(
                quantization.count() == endLayer - firstLayer,
                "bits",
                quantization.layers(),
                "one width for each of the stage's layers");
        Bounds.require(StageFootprint.KV_WIDTHS.contains(kvBits), "kvBits", kvBits, "32, 16 or 8");
        Bounds.require(contextTokens >= 1, "contextTokens", contextTokens, "at least 1");
        Bounds.require(slots >= 1, "slots", slots, "at least 1");
        Bounds.require(threads >= 1, "threads", threads, "at least 1");
    }

    /**
     * Names a stage whose layers have the same bits in all their matrices, rounded around zero at best, and a cache of
     * 32 bits.
     *
     * @param bits 32, 16, 8, 4 or 2 for each layer of the stage
     * @param headBits of the output head
     * @param blockSize weights that share a scale: 32, 64 or 128
     */
    public StageSpec(
            Path checkpoint,
            int firstLayer,
            int endLayer,
            List<Integer> bits,
            int headBits,
            int blockSize,
            int contextTokens,
            int slots,
            int threads,
            Path cache) {
        this(
                checkpoint,
                firstLayer,
                endLayer,
                new Quantization(bits.stream().map(LayerBits::of).toList(), headBits, new Blocks(blockSize, true)),
                Rounding.TUNED,
                32,
                contextTokens,
                slots,
                threads,
                cache);
    }
}
