package dev.littoral.scheduler.request;

import dev.littoral.protocol.agent.v1.AnswerFormat;
import dev.littoral.protocol.agent.v1.ChatMessage;
import dev.littoral.protocol.agent.v1.ChatPrompt;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.protocol.agent.v1.Sampling;
import dev.littoral.scheduler.directory.Deployment;
import java.time.Instant;

/** Puts a request into an agent's words. */
final class AgentCall {

    private static final Instant LAST = Instant.ofEpochMilli(Long.MAX_VALUE);

    private AgentCall() {}

    /** Gives a time that is too far away to be counted as the last one that can be. */
    private static long epochMillis(Instant instant) {
        return instant.isBefore(LAST) ? instant.toEpochMilli() : Long.MAX_VALUE;
    }

    static GenerateRequest of(InferenceRequest request, Deployment deployment, Instant deadline, long seed) {
        SamplingSettings wanted = request.sampling();
        Sampling.Builder sampling = Sampling.newBuilder()
                .setTemperature(wanted.temperature())
                .setTopP(wanted.topP())
                .setTopK(wanted.topK())
                .setMinP(wanted.minP())
                .setRepetitionPenalty(wanted.penalties().repetition())
                .setPresencePenalty(wanted.penalties().presence())
                .setFrequencyPenalty(wanted.penalties().frequency())
                .putAllLogitBias(wanted.logitBias())
                .setFormat(wanted.jsonObject() ? AnswerFormat.JSON_OBJECT : AnswerFormat.ANY_TEXT)
                .setLogprobs(wanted.topLogprobs().isPresent())
                .setTopLogprobs(wanted.topLogprobs().orElse(0))
                .setMaxTokens(wanted.maxTokens().orElse(0))
                .addAllStop(wanted.stop())
                // a drawn seed is fixed here, so that a second attempt gives the same answer
                .setSeed(wanted.seed().orElse(seed));
        GenerateRequest.Builder call = GenerateRequest.newBuilder()
                .setId(request.id())
                .setModel(deployment.name())
                .setSampling(sampling)
                .setDeadlineEpochMillis(epochMillis(deadline));
        return switch (request.prompt()) {
            case Prompt.Text text -> call.setText(text.text()).build();
            case Prompt.Chat chat -> {
                ChatPrompt.Builder prompt = ChatPrompt.newBuilder();
                chat.turns()
                        .forEach(turn -> prompt.addMessages(
                                ChatMessage.newBuilder().setRole(turn.role()).setContent(turn.content())));
                yield call.setChat(prompt).build();
            }
        };
    }
}
