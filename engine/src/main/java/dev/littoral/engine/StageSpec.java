package dev.littoral.engine;

import dev.littoral.checkpoint.StageFootprint;
import java.nio.file.Path;
import java.util.List;

/**
 * Names the layers {@code [firstLayer, endLayer)} of a checkpoint and how to run them.
 *
 * @param checkpoint folder in Hugging Face layout
 * @param bits 32, 8 or 4 for each layer of the stage
 * @param edgeBits 32, 8 or 4 for the output head; the embedding is read as it is stored
 * @param blockSize weights that share a scale: 32, 64 or 128
 * @param contextTokens most tokens of a sequence, prompt and answer
 * @param slots sequences at once
 * @param threads of the process's one pool for computing; the first load in a process fixes it
 * @param cache folder for prepared weights; made when missing
 */
public record StageSpec(
        Path checkpoint,
        int firstLayer,
        int endLayer,
        List<Integer> bits,
        int edgeBits,
        int blockSize,
        int contextTokens,
        int slots,
        int threads,
        Path cache) {

    public StageSpec {
        bits = List.copyOf(bits);
        Bounds.require(
                firstLayer >= 0 && endLayer > firstLayer,
                "layers",
                firstLayer + " to " + endLayer,
                "a range of layers");
        Bounds.require(bits.size() == endLayer - firstLayer, "bits", bits, "one width for each of the stage's layers");
        bits.forEach(width -> Bounds.require(StageFootprint.WIDTHS.contains(width), "bits", width, "32, 8 or 4"));
        Bounds.require(StageFootprint.WIDTHS.contains(edgeBits), "edgeBits", edgeBits, "32, 8 or 4");
        Bounds.require(StageFootprint.BLOCKS.contains(blockSize), "blockSize", blockSize, "32, 64 or 128");
        Bounds.require(contextTokens >= 1, "contextTokens", contextTokens, "at least 1");
        Bounds.require(slots >= 1, "slots", slots, "at least 1");
        Bounds.require(threads >= 1, "threads", threads, "at least 1");
    }
}
