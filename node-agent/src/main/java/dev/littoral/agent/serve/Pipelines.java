package dev.littoral.agent.serve;

import dev.littoral.agent.stage.LoadState;
import dev.littoral.engine.Sampler;
import dev.littoral.engine.Sequence;
import dev.littoral.engine.Stage;
import dev.littoral.protocol.agent.v1.AgentGrpc;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.protocol.agent.v1.OpenSequence;
import java.util.Arrays;

/** Opens a sequence in this stage and in all that follow. */
record Pipelines(Serving serving) {

    /** Takes the slot here and asks for those downstream; they are held after {@link #awaitOpened}. */
    Pipeline open(GenerateRequest request, Prompt prompt, LoadState.Loaded loaded, Deadline deadline) {
        Stage stage = loaded.stage();
        int tokens = prompt.tokens().length + prompt.maxTokens();
        if (stage.last()) {
            Sampler sampler = Samplers.of(request.getSampling(), loaded.forms());
            sampler.prompt(prompt.tokens());
            return new OneStage(serving.sequences().open(stage, tokens, prompt.tokens()), sampler);
        }
        AgentGrpc.AgentStub next = serving.nextStub();
        OpenSequence open = OpenSequence.newBuilder()
                .setId(request.getId())
                .setMaxTokens(tokens)
                .setSampling(request.getSampling())
                .setFirstLayer(stage.spec().endLayer())
                .setPlan(serving.settings().plan())
                .addAllPrompt(Arrays.stream(prompt.tokens()).boxed().toList())
                .build();
        Sequence sequence = serving.sequences().open(stage, tokens, prompt.tokens());
        return ManyStages.open(
                sequence,
                next,
                open,
                stage.config().vocabularySize(),
                new Patience(serving.settings().limits().step(), deadline));
    }

    void awaitOpened(Pipeline pipeline) {
        switch (pipeline) {
            case ManyStages stages -> stages.awaitOpened();
            case OneStage stage -> {} // holds its only slot already
        }
    }
}
