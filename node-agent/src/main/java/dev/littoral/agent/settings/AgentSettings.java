package dev.littoral.agent.settings;

import dev.littoral.checkpoint.Quantization;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Says what this agent runs, for whom, and within which bounds; everything in it has been checked.
 *
 * @param pod the agent's name
 * @param node the node's name
 * @param bind address that the servers listen on
 * @param grpcPort port of the gRPC server, 0 for a free one
 * @param deployment {@code namespace/name}
 * @param plan id that neighbouring stages must share
 * @param model name under which the model is served
 * @param checkpoint folder in Hugging Face layout; the cache where the checkpoint is downloaded first
 * @param peers folder whose file {@code next} holds the next stage's address
 * @param stage what to load
 * @param limits bounds of the service
 */
public record AgentSettings(
        String pod,
        String node,
        String bind,
        int grpcPort,
        String deployment,
        String plan,
        String model,
        Path checkpoint,
        Path peers,
        Stage stage,
        Limits limits)
        implements ServiceSettings {

    @Override
    public int contextTokens() {
        return stage.contextTokens();
    }

    @Override
    public int slots() {
        return stage.slots();
    }

    /**
     * Says which layers run at which width.
     *
     * @param firstLayer inclusive
     * @param endLayer exclusive
     * @param quantization of the stage's layers, and of the output head where it is the last stage's
     * @param kvBits of each number of keys and values
     * @param contextTokens longest sequence, prompt and answer
     * @param slots sequences at once
     * @param threads of the engine
     * @param cache folder for quantized weights
     */
    public record Stage(
            int firstLayer,
            int endLayer,
            Quantization quantization,
            int kvBits,
            int contextTokens,
            int slots,
            int threads,
            Path cache) {}

    /**
     * Bounds every hold.
     *
     * @param prefillRows rows of a prompt that go through the stages at a time
     * @param idle silence after which a forwarded sequence is closed
     * @param stalledReader time without reading after which an answer is given up
     * @param step time for one answer of the next stage
     * @param drain time for running sequences to end when the process stops
     * @param unreadBytes of answer that may wait for a reader beyond its connection's window
     */
    public record Limits(
            int prefillRows, Duration idle, Duration stalledReader, Duration step, Duration drain, int unreadBytes) {}
}
