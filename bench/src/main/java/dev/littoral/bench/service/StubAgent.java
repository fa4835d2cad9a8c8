package dev.littoral.bench.service;

import dev.littoral.protocol.agent.v1.AgentDescription;
import dev.littoral.protocol.agent.v1.AgentGrpc;
import dev.littoral.protocol.agent.v1.Delta;
import dev.littoral.protocol.agent.v1.DescribeRequest;
import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.protocol.agent.v1.Finished;
import dev.littoral.protocol.agent.v1.GenerateEvent;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.protocol.agent.v1.Phase;
import dev.littoral.protocol.agent.v1.Rates;
import dev.littoral.protocol.agent.v1.StageDescription;
import dev.littoral.protocol.agent.v1.Started;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** An agent that answers every prompt with one token, at once; a process of its own: {@code ADDRESS_FILE}. */
final class StubAgent extends AgentGrpc.AgentImplBase {

    private static final int SLOTS = 4096;
    private static final GenerateEvent STARTED = GenerateEvent.newBuilder()
            .setStarted(Started.newBuilder().setPromptTokens(7))
            .build();
    private static final GenerateEvent TOKEN = GenerateEvent.newBuilder()
            .setDelta(Delta.newBuilder().setText("x").setCompletionTokens(1))
            .build();
    private static final GenerateEvent FINISHED = GenerateEvent.newBuilder()
            .setFinished(Finished.newBuilder()
                    .setReason(FinishReason.LENGTH)
                    .setPromptTokens(7)
                    .setCompletionTokens(1))
            .build();

    /** Serves until it is killed. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .directExecutor()
                .addService(new StubAgent())
                .build()
                .start();
        Path file = Path.of(arguments[0]);
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(part, "127.0.0.1:" + server.getPort());
        Files.move(part, file);
        server.awaitTermination();
    }

    @Override
    public void describe(DescribeRequest request, StreamObserver<AgentDescription> out) {
        out.onNext(AgentDescription.newBuilder()
                .setAgent("stub")
                .setPhase(Phase.LOADED)
                .setReady(true)
                .setSlots(SLOTS)
                .setFreeSlots(SLOTS)
                .setStage(StageDescription.newBuilder().setContextTokens(512))
                .setRates(Rates.newBuilder().setPrefillTokensPerSecond(1e6).setDecodeTokensPerSecond(1e6))
                .build());
        out.onCompleted();
    }

    @Override
    public void generate(GenerateRequest request, StreamObserver<GenerateEvent> out) {
        out.onNext(STARTED);
        out.onNext(TOKEN);
        out.onNext(FINISHED);
        out.onCompleted();
    }
}
