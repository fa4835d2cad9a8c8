package dev.littoral.checkpoint;

import java.nio.file.Path;

/**
 * The shape of a model, as its config.json gives it.
 *
 * @param architecture such as {@code LlamaForCausalLM}
 * @param headDim numbers in one attention head
 * @param contextTokens longest sequence that the model was made for
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
        boolean tiedEmbeddings) {

    /**
     * Reads config.json of a folder.
     *
     * @throws CheckpointException when it is missing, wrong, or asks for what we do not run
     */
    public static ModelConfig read(Path checkpoint) {
        return LlamaConfig.read(JsonFile.config(checkpoint));
    }
}
