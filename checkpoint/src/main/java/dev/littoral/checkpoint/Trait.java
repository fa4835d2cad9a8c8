package dev.littoral.checkpoint;

/** In what the layers of an architecture differ from Llama's. */
public enum Trait {
    /** Queries, keys and values have a bias. */
    QUERY_KEY_VALUE_BIAS,
    /** The query and the key of each head are normalized before they are rotated. */
    HEAD_NORMS,
    /** What attention and the MLP give is normalized before it is added. */
    NORMS_AFTER,
    /** Norms multiply by one more than their weight. */
    NORM_ADDS_ONE,
    /** Embeddings are multiplied by the square root of the hidden size. */
    SCALED_EMBEDDING,
    /** Layers with a window have rotary positions of their own. */
    WINDOW_POSITIONS
}
