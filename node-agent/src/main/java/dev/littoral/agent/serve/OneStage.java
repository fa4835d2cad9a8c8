package dev.littoral.agent.serve;

import dev.littoral.engine.Sample;
import dev.littoral.engine.Sampler;
import dev.littoral.engine.Sequence;
import dev.littoral.engine.StageInput;
import dev.littoral.engine.StageOutput;

/** Runs a sequence in a stage that is the whole model. */
final class OneStage implements Pipeline {

    private final Sequence sequence;
    private final Sampler sampler;

    OneStage(Sequence sequence, Sampler sampler) {
        this.sequence = sequence;
        this.sampler = sampler;
    }

    @Override
    public int length() {
        return sequence.length();
    }

    @Override
    public void append(int[] tokens) {
        sequence.forward(new StageInput.Tokens(tokens));
    }

    @Override
    public Sample appendAndSample(int[] tokens) {
        return switch (sequence.forward(new StageInput.Tokens(tokens))) {
            case StageOutput.Logits logits -> sampler.sample(logits, logits.rows() - 1);
            case StageOutput.Activations activations ->
                throw new IllegalStateException(
                        "the last stage gave activations of " + activations.rows() + " rows instead of logits");
        };
    }

    @Override
    public void close() {
        sequence.close();
    }
}
