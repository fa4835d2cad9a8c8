package dev.littoral.agent.serve;

import dev.littoral.engine.StageActivity;
import dev.littoral.protocol.agent.v1.ForwardRequest;
import dev.littoral.protocol.agent.v1.ForwardResponse;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.protocol.agent.v1.LoadProgress;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/** Is what stands behind the agent's contract: text in, text out. Called from many threads. */
public interface Backend extends AutoCloseable {

    /** Begins to make itself ready, in the background. */
    void start();

    /** Says how far it is and how busy. */
    BackendState state();

    /** Says what the stage of this process has run; nothing where there is none. */
    default StageActivity activity() {
        return StageActivity.NONE;
    }

    /** Calls {@code follower} with how far loading is and with every later step until the returned action is run. */
    Runnable follow(Consumer<LoadProgress> follower);

    /** Prepares to answer one prompt; checks and holds nothing yet. */
    Answering answering(GenerateRequest request, Deadline deadline);

    /**
     * Takes one sequence from an earlier stage.
     *
     * @param steps runs its steps
     */
    StreamObserver<ForwardRequest> forward(
            ServerCallStreamObserver<ForwardResponse> upstream, Executor steps, ScheduledExecutorService timers);

    /** Takes no new sequence from now on. */
    void refuseNew();

    /** Ends every sequence that runs. */
    void endAll();

    /** Frees everything; no sequence runs any more. */
    @Override
    void close();
}
