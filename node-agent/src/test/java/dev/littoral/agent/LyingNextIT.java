package dev.littoral.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.littoral.agent.TestAgents.Shape;
import dev.littoral.agent.settings.AgentSettings;
import dev.littoral.protocol.agent.v1.Activations;
import dev.littoral.protocol.agent.v1.AgentDescription;
import dev.littoral.protocol.agent.v1.AgentGrpc;
import dev.littoral.protocol.agent.v1.DescribeRequest;
import dev.littoral.protocol.agent.v1.ForwardRequest;
import dev.littoral.protocol.agent.v1.ForwardResponse;
import dev.littoral.protocol.agent.v1.Opened;
import dev.littoral.protocol.agent.v1.Phase;
import dev.littoral.protocol.agent.v1.Sampled;
import dev.littoral.protocol.agent.v1.StageDescription;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Puts an agent behind the first one that describes itself well and then does not keep to the contract. */
class LyingNextIT {

    private static final ForwardResponse OPENED =
            ForwardResponse.newBuilder().setOpened(Opened.getDefaultInstance()).build();

    @TempDir
    Path folder;

    private final FakeEngine engine = new FakeEngine();

    private static ForwardResponse token(int token) {
        return ForwardResponse.newBuilder()
                .setSampled(Sampled.newBuilder().setToken(token))
                .build();
    }

    /** Answers the open and every later message with the same responses each, a token for where the rows end. */
    static final class Liar extends AgentGrpc.AgentImplBase {

        private final List<ForwardResponse> onOpen;
        private final List<ForwardResponse> onActivations;
        private final boolean ends;

        Liar(List<ForwardResponse> onOpen, List<ForwardResponse> onActivations, boolean ends) {
            this.onOpen = onOpen;
            this.onActivations = onActivations;
            this.ends = ends;
        }

        @Override
        public void describe(DescribeRequest request, StreamObserver<AgentDescription> reader) {
            reader.onNext(AgentDescription.newBuilder()
                    .setPlan(TestAgents.PLAN)
                    .setPhase(Phase.LOADED)
                    .setReady(true)
                    .setStage(StageDescription.newBuilder()
                            .setModel(TestAgents.MODEL)
                            .setFirstLayer(3)
                            .setEndLayer(6)
                            .setLayers(6)
                            .setContextTokens(256))
                    .build());
            reader.onCompleted();
        }

        @Override
        public StreamObserver<ForwardRequest> forward(StreamObserver<ForwardResponse> upstream) {
            return new StreamObserver<>() {
                @Override
                public void onNext(ForwardRequest request) {
                    (request.hasOpen() ? onOpen : onActivations)
                            .forEach(response -> upstream.onNext(placed(response, request.getActivations())));
                    if (ends && request.hasActivations()) {
                        upstream.onCompleted();
                    }
                }

                @Override
                public void onError(Throwable cause) {}

                @Override
                public void onCompleted() {
                    upstream.onCompleted();
                }
            };
        }
    }

    private static ForwardResponse placed(ForwardResponse response, Activations rows) {
        return response.hasSampled()
                ? response.toBuilder()
                        .setSampled(response.getSampled().toBuilder().setPosition(rows.getPosition() + rows.getRows()))
                        .build()
                : response;
    }

    static Stream<Arguments> lies() {
        return Stream.of(
                Arguments.of(
                        "a token before any", new Liar(List.of(OPENED, token(1)), List.of(), false), "NextStageLied"),
                Arguments.of(
                        "many tokens for one",
                        new Liar(List.of(OPENED), Collections.nCopies(100, token(1)), false),
                        "NextStageLied"),
                Arguments.of(
                        "a token of no word", new Liar(List.of(OPENED), List.of(token(256)), false), "NextStageLied"),
                Arguments.of("a negative token", new Liar(List.of(OPENED), List.of(token(-1)), false), "NextStageLied"),
                Arguments.of("opened twice", new Liar(List.of(OPENED, OPENED), List.of(), false), "NextStageLied"),
                Arguments.of(
                        "nothing in a message",
                        new Liar(List.of(ForwardResponse.getDefaultInstance()), List.of(), false),
                        "NextStageLied"),
                Arguments.of("an early end", new Liar(List.of(OPENED), List.of(), true), "NextStageLost"),
                Arguments.of("silence after open", new Liar(List.of(OPENED), List.of(), false), "NextStageSilent"),
                Arguments.of("silence", new Liar(List.of(), List.of(), false), "NextStageSilent"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lies")
    void whatBreaksTheContractEndsTheAnswerAndFreesTheSlot(String lie, Liar liar, String reason) throws IOException {
        // only silence is told by waiting; what is said is heard however slow the machine
        var patience = reason.equals("NextStageSilent") ? Duration.ofMillis(500) : Duration.ofSeconds(20);
        var limits = new AgentSettings.Limits(
                8, Duration.ofSeconds(20), Duration.ofSeconds(20), patience, Duration.ofSeconds(20), 64);
        Server next = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(liar)
                .build()
                .start();
        try (var agents = TestAgents.fake(folder, Shape.small(folder).withLimits(limits), engine, 0, 3)) {
            agents.point(0, next.getPort());
            TestAgents.awaitReady(agents.agent(0));

            var lost = catchThrowableOfType(
                    StatusRuntimeException.class,
                    () -> Answer.to(agents.blocking(0), Answer.text("hello", 9).build()));

            assertThat(lost).as(lie).isNotNull();
            assertThat(lost.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(Answer.reason(lost)).isEqualTo(reason);
            agents.awaitAllSlotsFree();
        } finally {
            next.shutdownNow();
        }
    }

    @Test
    void somethingThatIsNoAgentIsNotUsed() throws IOException {
        Server next = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build()
                .start();
        try (var agents = TestAgents.fake(folder, Shape.small(folder), engine, 0, 3)) {
            agents.point(0, next.getPort());

            await().until(() -> agents.agent(0).state().whyNotReady().contains("UNIMPLEMENTED"));
        } finally {
            next.shutdownNow();
        }
    }
}
