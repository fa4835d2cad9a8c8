package dev.littoral.checkpoint;

import java.util.Collections;
import java.util.List;

/**
 * How attention weighs, how far each layer looks back, and how it is told positions.
 *
 * @param scale of the products of queries and keys
 * @param layers one for each layer of the model
 */
public record Attention(double scale, List<Sight> layers) {

    public Attention {
        layers = List.copyOf(layers);
    }

    /**
     * What one layer sees.
     *
     * @param windowTokens the last tokens that it sees, its own with them; 0 sees all
     * @param rotary how it is told positions
     */
    public record Sight(int windowTokens, Rotary rotary) {

        /** Says whether the layer sees only the last tokens. */
        public boolean windowed() {
            return windowTokens > 0;
        }
    }

    /** Makes layers that see all, with the usual scale. */
    static Attention everywhere(int layers, int headDim, Rotary rotary) {
        return new Attention(usualScale(headDim), Collections.nCopies(layers, new Sight(0, rotary)));
    }

    /** Makes layers with these windows, with the usual scale. */
    static Attention within(List<Integer> windows, int headDim, Rotary rotary) {
        return new Attention(
                usualScale(headDim),
                windows.stream().map(window -> new Sight(window, rotary)).toList());
    }

    private static double usualScale(int headDim) {
        return 1 / Math.sqrt(headDim);
    }
}
