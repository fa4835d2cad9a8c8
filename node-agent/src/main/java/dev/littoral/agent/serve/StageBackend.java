package dev.littoral.agent.serve;

import dev.littoral.agent.stage.LoadState;
import dev.littoral.engine.StageActivity;
import dev.littoral.protocol.agent.v1.ForwardRequest;
import dev.littoral.protocol.agent.v1.ForwardResponse;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.protocol.agent.v1.LoadProgress;
import dev.littoral.protocol.agent.v1.Phase;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/** Answers with a stage of this process and, where there are later stages, with the agents that run them. */
public final class StageBackend implements Backend {

    private final Serving serving;

    private StageBackend(Serving serving) {
        this.serving = serving;
    }

    /** Makes one that has not begun to load. */
    public static StageBackend of(Serving serving) {
        return new StageBackend(serving);
    }

    @Override
    public void start() {
        serving.loader().follow(state -> {
            if (state instanceof LoadState.Loaded loaded) {
                serving.next()
                        .start(loaded.stage().last(), loaded.stage().config().layers());
            }
        });
        serving.loader().start();
    }

    @Override
    public BackendState state() {
        LoadState state = serving.loader().state();
        Optional<LoadState.Loaded> loaded =
                state instanceof LoadState.Loaded done ? Optional.of(done) : Optional.empty();
        return new BackendState(
                phase(state),
                state instanceof LoadState.Failed failed ? failed.reason() : "",
                serving.whyNotReady(),
                Descriptions.stage(serving.settings(), state),
                loaded.map(done -> done.stage().freeSlots()).orElse(0),
                serving.sequences().running(),
                serving.sequences().cachedTokens(),
                loaded.map(LoadState.Loaded::rates));
    }

    @Override
    public StageActivity activity() {
        return serving.loader().state() instanceof LoadState.Loaded loaded
                ? loaded.stage().activity()
                : StageActivity.NONE;
    }

    private static Phase phase(LoadState state) {
        return switch (state) {
            case LoadState.Loading loading -> Phase.LOADING;
            case LoadState.Loaded loaded -> Phase.LOADED;
            case LoadState.Failed failed -> Phase.FAILED;
        };
    }

    @Override
    public Runnable follow(Consumer<LoadProgress> follower) {
        return serving.loader().follow(state -> follower.accept(Descriptions.progress(state)));
    }

    @Override
    public Answering answering(GenerateRequest request, Deadline deadline) {
        return new StageAnswer(serving, request, deadline);
    }

    @Override
    public StreamObserver<ForwardRequest> forward(
            ServerCallStreamObserver<ForwardResponse> upstream, Executor steps, ScheduledExecutorService timers) {
        return new ForwardCall(serving, upstream, steps, timers);
    }

    @Override
    public void refuseNew() {
        serving.stopping().set(true);
    }

    @Override
    public void endAll() {
        serving.sequences().closeAll();
    }

    @Override
    public void close() {
        serving.next().close();
        serving.loader().close();
    }
}
