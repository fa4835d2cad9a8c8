package dev.littoral.agent.serve;

import dev.littoral.agent.stage.AnswerForms;
import dev.littoral.checkpoint.CheckpointException;
import dev.littoral.engine.AnswerForm;
import dev.littoral.engine.Sampler;
import dev.littoral.engine.Sampling;
import dev.littoral.protocol.agent.v1.AnswerFormat;
import io.grpc.Status;

/** Makes what chooses the tokens of one sequence, on the stage that has the logits. */
final class Samplers {

    private Samplers() {}

    /** Makes one for a checked request, or refuses a form that this model's vocabulary does not allow. */
    static Sampler of(dev.littoral.protocol.agent.v1.Sampling wire, AnswerForms forms) {
        Sampling sampling = SamplingRules.check(wire);
        return wire.getFormat() == AnswerFormat.JSON_OBJECT
                ? new Sampler(sampling, json(forms))
                : new Sampler(sampling);
    }

    private static AnswerForm json(AnswerForms forms) {
        try {
            return forms.json();
        } catch (CheckpointException | IllegalArgumentException e) {
            throw Refusal.of(
                    Status.Code.INVALID_ARGUMENT,
                    Reason.FormatUnsupported,
                    "this model cannot be held to JSON: " + e.getMessage() + ": leave response_format out");
        }
    }
}
