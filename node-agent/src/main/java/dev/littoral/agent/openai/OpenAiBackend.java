package dev.littoral.agent.openai;

import dev.littoral.agent.serve.Answering;
import dev.littoral.agent.serve.Backend;
import dev.littoral.agent.serve.BackendState;
import dev.littoral.agent.serve.Deadline;
import dev.littoral.agent.serve.Reason;
import dev.littoral.agent.serve.Refusal;
import dev.littoral.agent.settings.ForwardSettings;
import dev.littoral.protocol.agent.v1.ForwardRequest;
import dev.littoral.protocol.agent.v1.ForwardResponse;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.protocol.agent.v1.LoadProgress;
import dev.littoral.protocol.agent.v1.Phase;
import dev.littoral.protocol.agent.v1.StageDescription;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Answers with a server of the OpenAI API: whole requests go there, and its slots, health and rates are told here. */
public final class OpenAiBackend implements Backend {

    private static final Set<String> OF_THE_SERVER =
            Set.of(Reason.ServerAway.name(), Reason.ServerModelMissing.name(), Reason.ServerKeyRefused.name());

    private final ForwardSettings settings;
    private final OpenAiServer server;
    private final ServerWatch watch;
    private final ServerSlots slots;
    private final AtomicBoolean stopping = new AtomicBoolean();

    private OpenAiBackend(ForwardSettings settings, RandomGenerator random) {
        this.settings = settings;
        this.server = new OpenAiServer(settings.server());
        this.watch = new ServerWatch(server, settings, new ServerMeasurement(server, settings, random));
        this.slots = new ServerSlots(settings.slots());
    }

    /**
     * Makes one that has not asked the server yet.
     *
     * @param random makes prompts to measure with that the server has not seen
     */
    public static OpenAiBackend of(ForwardSettings settings, RandomGenerator random) {
        return new OpenAiBackend(settings, random);
    }

    @Override
    public void start() {
        watch.start();
    }

    @Override
    public BackendState state() {
        ServerState now = watch.state();
        return new BackendState(
                watch.everReady() ? Phase.LOADED : Phase.LOADING,
                "",
                whyNotReady(now),
                StageDescription.newBuilder()
                        .setModel(settings.model())
                        .setContextTokens(settings.contextTokens())
                        .setKvTokens(now instanceof ServerState.Ready ready ? ready.kvTokens() : 0)
                        .build(),
                watch.everReady() ? slots.free() : 0,
                slots.running(),
                0, // the server's cache is not seen from here
                now instanceof ServerState.Ready ready ? Optional.of(ready.rates()) : Optional.empty());
    }

    private String whyNotReady(ServerState now) {
        if (stopping.get()) {
            return "the agent is stopping";
        }
        return switch (now) {
            case ServerState.Away away -> away.message();
            case ServerState.Ready ready -> "";
        };
    }

    @Override
    public Runnable follow(Consumer<LoadProgress> follower) {
        return watch.follow(follower);
    }

    @Override
    public Answering answering(GenerateRequest request, Deadline deadline) {
        return new ForwardedAnswer(this, request, deadline);
    }

    @Override
    public StreamObserver<ForwardRequest> forward(
            ServerCallStreamObserver<ForwardResponse> upstream, Executor steps, ScheduledExecutorService timers) {
        upstream.onError(Refusal.of(
                Status.Code.FAILED_PRECONDITION,
                Reason.FirstStage,
                "this agent forwards whole requests to a server and runs no stage: ask it by Generate"));
        return new Unread();
    }

    @Override
    public void refuseNew() {
        stopping.set(true);
    }

    @Override
    public void endAll() {
        slots.endAll();
    }

    @Override
    public void close() {
        watch.close();
        server.close();
    }

    ForwardSettings settings() {
        return settings;
    }

    OpenAiServer server() {
        return server;
    }

    ServerSlots slots() {
        return slots;
    }

    /** Refuses a call that would not be answered. */
    void checkReady() {
        if (stopping.get()) {
            throw Refusal.of(Status.Code.UNAVAILABLE, Reason.Stopping, "this agent is stopping; ask another");
        }
        if (watch.state() instanceof ServerState.Away away) {
            throw ServerErrors.away(away.message());
        }
    }

    /** Takes the failure of one request for one of the server where it is, and has the server looked at in any case. */
    void failed(StatusRuntimeException failure) {
        String reason =
                failure.getTrailers() == null ? null : failure.getTrailers().get(Refusal.REASON);
        if (OF_THE_SERVER.contains(String.valueOf(reason))) {
            watch.doubt(String.valueOf(failure.getStatus().getDescription()));
        } else {
            watch.lookSoon();
        }
    }

    /** Takes what still comes after a refusal. */
    private static final class Unread implements StreamObserver<ForwardRequest> {

        @Override
        public void onNext(ForwardRequest request) {}

        @Override
        public void onError(Throwable cause) {}

        @Override
        public void onCompleted() {}
    }
}
