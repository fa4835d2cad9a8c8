package dev.littoral.checkpoint;

import java.util.Arrays;
import java.util.List;

/**
 * What a safetensors header says of one tensor.
 *
 * @param shape sizes from the outermost dimension in; empty for a scalar
 * @param offset bytes from the beginning of the file
 * @param bytes length in the file
 */
public record TensorInfo(DataType dtype, List<Long> shape, long offset, long bytes) {

    public TensorInfo {
        shape = List.copyOf(shape);
    }

    /** Counts the numbers in the tensor. */
    public long elements() {
        return bytes / dtype.bytes();
    }

    /** Says whether it has these sizes, from the outermost dimension in. */
    public boolean hasShape(long... wanted) {
        return shape.equals(Arrays.stream(wanted).boxed().toList());
    }
}
