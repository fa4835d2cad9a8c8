package dev.littoral.engine.quantize;

import dev.littoral.checkpoint.CheckpointException;
import dev.littoral.checkpoint.CheckpointException.Reason;
import dev.littoral.checkpoint.Safetensors;
import dev.littoral.checkpoint.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What was seen while a checkpoint answered its calibration prompts, from a file beside its weights.
 *
 * <p>For each input of a matrix, named as in the graph, a vector: the products of the inputs' numbers with each other,
 * summed up over all tokens, in squares of {@code reach} columns along the diagonal, of each square the rows up to the
 * diagonal; only their proportions count. For the keys and values of each layer, {@code layer0.key} and {@code layer0.value} [key heads x head size]: the largest
 * magnitude of each.
 */
public final class Calibration implements AutoCloseable {

    /** Name of the file in the folder of the checkpoint. */
    public static final String FILE = "littoral-calibration.safetensors";

    /** Name of the tensor that holds the reach. */
    static final String REACH = "reach";

    private final Optional<Safetensors> file;

    private Calibration(Optional<Safetensors> file) {
        this.file = file;
    }

    /**
     * Opens the calibration of a checkpoint; without a file it knows nothing.
     *
     * @throws CheckpointException when the file is damaged
     */
    public static Calibration beside(Path checkpoint) {
        Path file = checkpoint.resolve(FILE);
        return new Calibration(Files.isRegularFile(file) ? Optional.of(Safetensors.open(file)) : Optional.empty());
    }

    /** Gives one that knows nothing. */
    public static Calibration none() {
        return new Calibration(Optional.empty());
    }

    /** Gives all tensors in the order of their names. */
    public List<Tensor> tensors() {
        return file.stream()
                .flatMap(open -> open.tensors().keySet().stream().sorted().map(open::tensor))
                .toList();
    }

    /**
     * Gives what was seen of an input.
     *
     * @throws CheckpointException when it does not fit
     */
    public Optional<Inputs> inputs(String input, int columns) {
        return tensor(input).map(tensor -> {
            int reach = Math.clamp(reach(), 1, columns);
            if (!tensor.info().hasShape(Triangles.numbers(columns, reach))) {
                throw invalid(
                        input,
                        "its shape is " + tensor.info().shape() + " but a matrix of " + columns + " columns at reach "
                                + reach + " has " + Triangles.numbers(columns, reach) + " products");
            }
            float[] triangles = tensor.values();
            requireFinite(input, triangles);
            float[][] squares = Triangles.squares(triangles, columns, reach);
            return Inputs.of(squares, reach);
        });
    }

    /**
     * Gives the largest magnitude that was seen of each of a layer's keys or values.
     *
     * @param name such as {@code layer0.key}
     * @throws CheckpointException when it does not fit
     */
    public Optional<float[]> magnitudes(String name, int numbers) {
        return tensor(name).map(tensor -> {
            if (!tensor.info().hasShape(numbers)) {
                throw invalid(name, "its shape is " + tensor.info().shape() + " but the layer has " + numbers);
            }
            float[] magnitudes = tensor.values();
            requireFinite(name, magnitudes);
            return magnitudes;
        });
    }

    private int reach() {
        Tensor tensor = tensor(REACH).orElseThrow(() -> invalid(REACH, "it is missing"));
        if (!tensor.info().hasShape(1)) {
            throw invalid(REACH, "its shape is " + tensor.info().shape() + " but it must be one number");
        }
        return (int) tensor.values()[0];
    }

    private Optional<Tensor> tensor(String name) {
        return file.filter(open -> open.tensors().containsKey(name)).map(open -> {
            Tensor tensor = open.tensor(name);
            if (!tensor.info().dtype().weights()) {
                throw invalid(name, "its dtype is " + tensor.info().dtype() + " but must be F32, F16 or BF16");
            }
            return tensor;
        });
    }

    private void requireFinite(String name, float[] numbers) {
        for (float number : numbers) {
            if (!Float.isFinite(number)) {
                throw invalid(name, "it holds a number that is not finite");
            }
        }
    }

    private CheckpointException invalid(String tensor, String problem) {
        return new CheckpointException(
                Reason.WeightsInvalid,
                file.map(open -> open.file().toString()).orElse(FILE),
                tensor,
                problem + "; calibrate the checkpoint again, or delete the file");
    }

    @Override
    public void close() {
        file.ifPresent(Safetensors::close);
    }
}
