package dev.littoral.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The shape of a model, as its config.json gives it.
 *
 * @param architecture such as {@code LlamaForCausalLM}
 * @param headDim numbers in one attention head
 * @param contextTokens longest sequence that the model was made for
 * @param ropeTheta base of the rotary positions in layers that see all
 * @param attention how each layer sees and is told positions
 */
public record ModelConfig(
        String architecture,
        int layers,
        int hiddenSize,
        int heads,
        int kvHeads,
        int headDim,
        int ffnSize,
        int vocabularySize,
        int contextTokens,
        double normEpsilon,
        double ropeTheta,
        boolean tiedEmbeddings,
        Attention attention) {

    /** Says that a folder holds an adapter of another model, or that one is to be applied to the model in it. */
    public static final String ADAPTER_FILE = "adapter_config.json";

    /** Makes one of what planning needs: how its layers see is left out, and does not change what they take. */
    public ModelConfig(
            String architecture,
            int layers,
            int hiddenSize,
            int heads,
            int kvHeads,
            int headDim,
            int ffnSize,
            int vocabularySize,
            int contextTokens,
            double normEpsilon,
            double ropeTheta,
            boolean tiedEmbeddings) {
        this(
                architecture,
                layers,
                hiddenSize,
                heads,
                kvHeads,
                headDim,
                ffnSize,
                vocabularySize,
                contextTokens,
                normEpsilon,
                ropeTheta,
                tiedEmbeddings,
                Attention.everywhere(layers, headDim, Rotary.unscaled(headDim, ropeTheta)));
    }

    /**
     * Reads config.json of a folder.
     *
     * @throws CheckpointException when it is missing, wrong, or asks for what we do not run
     */
    public static ModelConfig read(Path checkpoint) {
        refuseAdapter(checkpoint);
        JsonFile json = JsonFile.config(checkpoint);
        return Architecture.of(json).read(new ModelFields(json));
    }

    /** What lies beside it would change what the model computes: transformers loads it with the model. */
    private static void refuseAdapter(Path checkpoint) {
        Path adapter = checkpoint.resolve(ADAPTER_FILE);
        if (Files.isRegularFile(adapter)) {
            throw new CheckpointException(
                    CheckpointException.Reason.ArchitectureUnsupported,
                    adapter.toString(),
                    "",
                    "it asks for an adapter such as LoRA, which is not supported; merge the adapter into its model"
                            + " (merge_and_unload of peft) and serve that, or take the file away");
        }
    }

    /**
     * Says what its layers are built of.
     *
     * @throws IllegalStateException when we do not know the architecture
     */
    public Blueprint blueprint() {
        return Architecture.named(architecture)
                .orElseThrow(() -> new IllegalStateException(architecture + " is not known here"))
                .blueprint();
    }

    /** Lists every tensor that a checkpoint must have; a vector has one row. */
    public Map<String, MatrixShape> tensors() {
        Map<String, MatrixShape> tensors = new LinkedHashMap<>();
        tensors.put(TensorNames.EMBEDDING, new MatrixShape(vocabularySize, hiddenSize));
        Map<String, MatrixShape> layerTensors = blueprint().layerTensors(this);
        for (int i = 0; i < layers; i++) {
            int layer = i;
            layerTensors.forEach((part, shape) -> tensors.put(TensorNames.layer(layer, part), shape));
        }
        tensors.put(TensorNames.FINAL_NORM, new MatrixShape(1, hiddenSize));
        tensors.put(TensorNames.head(this), new MatrixShape(vocabularySize, hiddenSize));
        return tensors;
    }
}
