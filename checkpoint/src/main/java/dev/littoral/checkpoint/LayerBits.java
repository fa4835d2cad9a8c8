package dev.littoral.checkpoint;

/**
 * Bits per weight of a layer's two groups of matrices.
 *
 * @param attention of queries, keys, values and what attention gives: one of {@link StageFootprint#WIDTHS}
 * @param mlp of gate, up and down: one of {@link StageFootprint#WIDTHS}
 */
public record LayerBits(int attention, int mlp) {

    /** Refuses widths that no layer can have. */
    public LayerBits {
        require(attention);
        require(mlp);
    }

    /** Gives both groups the same width. */
    public static LayerBits of(int bits) {
        return new LayerBits(bits, bits);
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws IllegalArgumentException when it is neither a width nor two with a slash between
     */
    public static LayerBits parse(String text) {
        String[] widths = text.strip().split("/", -1);
        if (widths.length > 2) {
            throw new IllegalArgumentException("bits '" + text + "' name more than attention/mlp");
        }
        try {
            int attention = Integer.parseInt(widths[0]);
            return new LayerBits(attention, widths.length == 1 ? attention : Integer.parseInt(widths[1]));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "bits '" + text + "' are no width and no attention/mlp, such as 4 or 8/4", e);
        }
    }

    private static void require(int bits) {
        if (!StageFootprint.WIDTHS.contains(bits)) {
            throw new IllegalArgumentException("bits is " + bits + " but must be 32, 16, 8, 4 or 2");
        }
    }

    /** Gives {@code 4} when both are the same, else such as {@code 8/4}. */
    @Override
    public String toString() {
        return attention == mlp ? String.valueOf(attention) : attention + "/" + mlp;
    }
}
