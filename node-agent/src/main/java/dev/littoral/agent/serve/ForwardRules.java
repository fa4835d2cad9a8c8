package dev.littoral.agent.serve;

import dev.littoral.agent.settings.AgentSettings;
import dev.littoral.engine.Stage;
import dev.littoral.protocol.agent.v1.Activations;
import dev.littoral.protocol.agent.v1.OpenSequence;
import io.grpc.Status;

/**
 * Checks what an earlier stage sends; it is trusted no more than anybody else.
 *
 * @param maxTokens of the sequence, prompt and answer
 * @param hiddenSize numbers in a row
 */
record ForwardRules(int maxTokens, int hiddenSize) {

    /** Checks that the sequence belongs here and fits. */
    static ForwardRules check(OpenSequence open, AgentSettings settings, Stage stage) {
        RequestRules.checkId(open.getId());
        int first = settings.stage().firstLayer();
        if (first == 0) {
            throw Refusal.of(
                    Status.Code.FAILED_PRECONDITION,
                    Reason.FirstStage,
                    "this agent runs the first stage, which takes Generate and nothing else");
        }
        if (open.getFirstLayer() != first) {
            throw Refusal.of(
                    Status.Code.FAILED_PRECONDITION,
                    Reason.StageMismatch,
                    "first_layer is " + open.getFirstLayer() + " but this stage begins at layer " + first);
        }
        if (!open.getPlan().equals(settings.plan())) {
            throw Refusal.of(
                    Status.Code.FAILED_PRECONDITION,
                    Reason.PlanMismatch,
                    "this agent belongs to the plan '" + settings.plan() + "' and takes nothing of another plan");
        }
        int context = stage.spec().contextTokens();
        if (open.getMaxTokens() < 1 || open.getMaxTokens() > context) {
            throw Refusal.of(
                    Status.Code.INVALID_ARGUMENT,
                    Reason.ContextExceeded,
                    "max_tokens is " + open.getMaxTokens() + " but must be from 1 to the context of " + context);
        }
        int vocabulary = stage.config().vocabularySize();
        SamplingRules.checkVocabulary(SamplingRules.check(open.getSampling()), vocabulary);
        if (open.getPromptCount() > open.getMaxTokens()) {
            throw invalid("prompt has " + open.getPromptCount() + " tokens but max_tokens is " + open.getMaxTokens());
        }
        if (open.getPromptList().stream().anyMatch(token -> token < 0 || token >= vocabulary)) {
            throw invalid("prompt has a token that is not in the vocabulary of " + vocabulary);
        }
        return new ForwardRules(open.getMaxTokens(), stage.config().hiddenSize());
    }

    /**
     * Checks that the rows follow those before, {@code length} of them, and that all bytes are there.
     *
     * @param begun whether rows came before; the first may replace some that the sequence began with
     */
    void check(Activations message, int length, boolean begun) {
        int rows = message.getRows();
        int position = message.getPosition();
        if (begun ? position != length : position < 0 || position > length) {
            throw invalid("position is " + position + " but the sequence has " + length + " rows");
        }
        if (rows < 1 || rows > maxTokens - position) {
            throw invalid("rows is " + rows + " but must be from 1 to " + (maxTokens - position)
                    + ", what is left of max_tokens");
        }
        long bytes = (long) rows * hiddenSize * Float.BYTES;
        if (message.getHidden().size() != bytes) {
            throw invalid("hidden has " + message.getHidden().size() + " bytes but " + rows + " rows of " + hiddenSize
                    + " float32 are " + bytes);
        }
    }

    static RuntimeException invalid(String problem) {
        return Refusal.of(Status.Code.INVALID_ARGUMENT, Reason.ActivationsInvalid, problem);
    }
}
