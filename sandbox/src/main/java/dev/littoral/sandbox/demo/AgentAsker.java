package dev.littoral.sandbox.demo;

import dev.littoral.protocol.agent.v1.AgentGrpc;
import dev.littoral.protocol.agent.v1.ChatMessage;
import dev.littoral.protocol.agent.v1.ChatPrompt;
import dev.littoral.protocol.agent.v1.DescribeRequest;
import dev.littoral.protocol.agent.v1.GenerateEvent;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.protocol.agent.v1.Sampling;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Iterator;
import java.util.UUID;
import java.util.function.Consumer;

/** Asks an agent of stage 0 directly, past scheduler and Kafka. */
final class AgentAsker implements Asker {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ManagedChannel channel;

    AgentAsker(String address) {
        channel = Grpc.newChannelBuilder(address, InsecureChannelCredentials.create())
                .build();
    }

    @Override
    public String name() {
        return "gRPC";
    }

    @Override
    public Answer ask(String model, Question question, Consumer<String> pieces) {
        long start = System.nanoTime();
        StringBuilder text = new StringBuilder();
        double firstTokenMillis = 0;
        int tokens = 0;
        try {
            Iterator<GenerateEvent> events = AgentGrpc.newBlockingStub(channel).generate(request(model, question));
            while (events.hasNext()) {
                GenerateEvent event = events.next();
                if (event.hasDelta() && text.isEmpty()) {
                    firstTokenMillis = (System.nanoTime() - start) / 1e6;
                }
                text.append(event.getDelta().getText());
                pieces.accept(event.getDelta().getText());
                if (event.hasFinished()) {
                    tokens = event.getFinished().getCompletionTokens();
                }
            }
        } catch (StatusRuntimeException e) {
            throw DemoFailure.of("the agent refused: " + e.getMessage());
        }
        double total = (System.nanoTime() - start) / 1e6;
        String whole = text.toString();
        return new Answer(name(), whole, tokens, firstTokenMillis, total, question.rightlyAnsweredBy(whole));
    }

    /** Hangs up after the first token of an answer; returns the milliseconds until the agent has its slot back. */
    double hangUp(String model, Question question) {
        int before = freeSlots();
        Context.CancellableContext call = Context.current().withCancellation();
        try {
            call.run(() -> {
                Iterator<GenerateEvent> events =
                        AgentGrpc.newBlockingStub(channel).generate(request(model, question));
                while (events.hasNext() && !events.next().hasDelta()) {}
            });
        } catch (StatusRuntimeException e) {
            throw DemoFailure.of("the agent refused: " + e.getMessage());
        }
        if (freeSlots() >= before) {
            throw DemoFailure.of("an answer ended before anybody could hang up");
        }
        long hungUp = System.nanoTime();
        call.cancel(null);
        while (freeSlots() < before) {
            if (System.nanoTime() - hungUp > PATIENCE.toNanos()) {
                throw DemoFailure.of("an agent kept the slot of a client that hung up for " + PATIENCE);
            }
        }
        return (System.nanoTime() - hungUp) / 1e6;
    }

    private int freeSlots() {
        return AgentGrpc.newBlockingStub(channel)
                .describe(DescribeRequest.getDefaultInstance())
                .getFreeSlots();
    }

    private static GenerateRequest request(String model, Question question) {
        return GenerateRequest.newBuilder()
                .setId(UUID.randomUUID().toString())
                .setModel(model)
                .setChat(ChatPrompt.newBuilder()
                        .addMessages(ChatMessage.newBuilder().setRole("user").setContent(question.prompt())))
                .setSampling(
                        Sampling.newBuilder().setMaxTokens(question.mostTokens().orElse(0)))
                .build();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
