package dev.littoral.engine.quantize;

import dev.littoral.checkpoint.CheckpointException;
import dev.littoral.checkpoint.Tensor;
import java.util.List;

/** Matrices of as many columns that stand one below the other. */
public record StackedRows(List<Tensor> tensors) {

    /** Keeps the order. */
    public StackedRows {
        tensors = List.copyOf(tensors);
    }

    /** Counts the rows of all. */
    public long rows() {
        return tensors.stream()
                .mapToLong(tensor -> tensor.info().shape().getFirst())
                .sum();
    }

    /** Counts the columns of each. */
    public int columns() {
        return Math.toIntExact(tensors.getFirst().info().shape().getLast());
    }

    /** Reads part of a row as floats to the beginning of {@code target}. */
    void read(long row, int firstColumn, float[] target, int count) {
        long left = row;
        for (Tensor tensor : tensors) {
            long rows = tensor.info().shape().getFirst();
            if (left < rows) {
                tensor.read(left * columns() + firstColumn, target, 0, count);
                return;
            }
            left -= rows;
        }
        throw new IndexOutOfBoundsException("there is no row " + row);
    }

    /** Makes the exception for a row in which a weight is not a finite number. */
    CheckpointException notFinite(long row) {
        long left = row;
        for (Tensor tensor : tensors) {
            long rows = tensor.info().shape().getFirst();
            if (left < rows) {
                return tensor.damaged("a weight of its row " + left + " is infinite or not a number");
            }
            left -= rows;
        }
        throw new IndexOutOfBoundsException("there is no row " + row);
    }

    /** Says that none of it is read soon. */
    public void release() {
        tensors.forEach(Tensor::release);
    }
}
