package dev.littoral.agent;

import dev.littoral.agent.serve.Refusal;
import dev.littoral.protocol.agent.v1.AgentGrpc;
import dev.littoral.protocol.agent.v1.ChatMessage;
import dev.littoral.protocol.agent.v1.ChatPrompt;
import dev.littoral.protocol.agent.v1.Finished;
import dev.littoral.protocol.agent.v1.GenerateEvent;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.protocol.agent.v1.Sampling;
import dev.littoral.protocol.agent.v1.TokenChoice;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Is a whole answer, as a client collects it.
 *
 * @param started how many tokens the agent said that the prompt has
 * @param tokens that the agent told
 */
record Answer(int started, String text, Finished finished, List<TokenChoice> tokens) {

    static Answer read(Iterator<GenerateEvent> events) {
        int started = -1;
        var text = new StringBuilder();
        List<TokenChoice> tokens = new ArrayList<>();
        Finished finished = Finished.getDefaultInstance();
        while (events.hasNext()) {
            GenerateEvent event = events.next();
            switch (event.getEventCase()) {
                case STARTED -> started = event.getStarted().getPromptTokens();
                case DELTA -> {
                    text.append(event.getDelta().getText());
                    tokens.addAll(event.getDelta().getTokensList());
                }
                case FINISHED -> finished = event.getFinished();
                case EVENT_NOT_SET -> throw new AssertionError("an event without content");
            }
        }
        return new Answer(started, text.toString(), finished, tokens);
    }

    static Answer to(AgentGrpc.AgentBlockingStub agent, GenerateRequest request) {
        return read(agent.generate(request));
    }

    /** Asks all at once; gives the answers in the order of the requests. */
    static List<Answer> together(AgentGrpc.AgentBlockingStub agent, List<GenerateRequest> requests) {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            return requests.stream()
                    .map(request -> CompletableFuture.supplyAsync(() -> to(agent, request), clients))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();
        }
    }

    /** Gives the reason that the trailers carry, or nothing. */
    static String reason(StatusRuntimeException cause) {
        return Optional.ofNullable(cause.getTrailers())
                .map(trailers -> trailers.get(Refusal.REASON))
                .orElse("");
    }

    static GenerateRequest.Builder text(String prompt, int maxTokens) {
        return GenerateRequest.newBuilder()
                .setId("test")
                .setModel(TestAgents.MODEL)
                .setText(prompt)
                .setSampling(Sampling.newBuilder().setMaxTokens(maxTokens));
    }

    static GenerateRequest.Builder chat(String question, int maxTokens) {
        return text("", maxTokens)
                .setChat(ChatPrompt.newBuilder()
                        .addMessages(ChatMessage.newBuilder().setRole("user").setContent(question)));
    }
}
