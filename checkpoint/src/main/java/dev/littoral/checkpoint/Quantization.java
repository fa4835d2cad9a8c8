package dev.littoral.checkpoint;

import java.util.Collections;
import java.util.List;

/**
 * How the weights of neighbouring layers are stored.
 *
 * @param layers bits of each layer
 * @param headBits of the output head; the embedding is read as the checkpoint stores it
 * @param blocks of all matrices at 8 bits or fewer
 */
public record Quantization(List<LayerBits> layers, int headBits, Blocks blocks) {

    /** Refuses a width that the head cannot have. */
    public Quantization {
        layers = List.copyOf(layers);
        if (!StageFootprint.WIDTHS.contains(headBits)) {
            throw new IllegalArgumentException("headBits are " + headBits + " but must be 32, 16, 8, 4 or 2");
        }
    }

    /** Gives every layer the same bits. */
    public static Quantization uniform(int layers, int bits, int headBits, Blocks blocks) {
        return new Quantization(Collections.nCopies(layers, LayerBits.of(bits)), headBits, blocks);
    }

    /** Counts the layers. */
    public int count() {
        return layers.size();
    }
}
