package dev.littoral.checkpoint;

import dev.littoral.checkpoint.CheckpointException.Reason;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** An open Hugging Face folder whose config and tensors fit together. Closing it ends the mappings of its files. */
public final class Checkpoint implements AutoCloseable {

    private final Path folder;
    private final ModelConfig config;
    private final List<Safetensors> files;
    private final Map<String, Safetensors> fileOfTensor;

    private Checkpoint(
            Path folder, ModelConfig config, List<Safetensors> files, Map<String, Safetensors> fileOfTensor) {
        this.folder = folder;
        this.config = config;
        this.files = files;
        this.fileOfTensor = fileOfTensor;
    }

    /**
     * Opens a folder and checks that it has every tensor that its config asks for, in the right shape.
     *
     * @throws CheckpointException when anything is missing or wrong
     */
    public static Checkpoint open(Path folder) {
        ModelConfig config = ModelConfig.read(folder);
        WeightFiles weights = WeightFiles.open(folder);
        Checkpoint checkpoint = new Checkpoint(folder, config, weights.files(), weights.fileOfTensor());
        try {
            config.tensors().forEach(checkpoint::require);
            return checkpoint;
        } catch (CheckpointException e) {
            checkpoint.close();
            throw e;
        }
    }

    private void require(String name, MatrixShape shape) {
        TensorInfo info = tensor(name).info();
        String file = fileOf(name).file().toString();
        boolean fits =
                shape.rows() == 1 ? info.hasShape(shape.columns()) : info.hasShape(shape.rows(), shape.columns());
        if (!fits) {
            throw new CheckpointException(
                    Reason.WeightsInvalid,
                    file,
                    name,
                    "its shape is " + info.shape() + " but config.json asks for " + shape.rows() + " x "
                            + shape.columns() + "; the files belong to different models");
        }
        if (!info.dtype().weights()) {
            throw new CheckpointException(
                    Reason.WeightsInvalid,
                    file,
                    name,
                    "its dtype is " + info.dtype() + " but weights must be F32, F16 or BF16");
        }
    }

    private Safetensors fileOf(String tensor) {
        Safetensors file = fileOfTensor.get(tensor);
        if (file == null) {
            throw new CheckpointException(
                    Reason.WeightsMissing,
                    folder.toString(),
                    tensor,
                    "no file has this tensor, but config.json asks for it; fetch the checkpoint again");
        }
        return file;
    }

    /** Names the folder. */
    public Path folder() {
        return folder;
    }

    /** Names the files of weights. */
    public List<Path> weightFiles() {
        return files.stream().map(Safetensors::file).toList();
    }

    /** Gives what config.json says. */
    public ModelConfig config() {
        return config;
    }

    /** Counts what planning needs. */
    public ModelShape shape() {
        return new ModelShape(
                config,
                tensor(TensorNames.EMBEDDING).info().dtype().bytes(),
                tensors().mapToLong(TensorInfo::bytes).sum(),
                tensors().mapToLong(TensorInfo::elements).sum());
    }

    private Stream<TensorInfo> tensors() {
        return fileOfTensor.entrySet().stream()
                .map(entry -> entry.getValue().tensors().get(entry.getKey()))
                .filter(Objects::nonNull);
    }

    /**
     * Gives a tensor, readable until the checkpoint is closed.
     *
     * @throws CheckpointException when no file has it
     */
    public Tensor tensor(String name) {
        return fileOf(name).tensor(name);
    }

    /**
     * Names the file that holds a tensor.
     *
     * @throws CheckpointException when no file has it
     */
    public Path file(String tensor) {
        return fileOf(tensor).file();
    }

    @Override
    public void close() {
        files.forEach(Safetensors::close);
    }
}
