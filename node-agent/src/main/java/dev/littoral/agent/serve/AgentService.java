package dev.littoral.agent.serve;

import dev.littoral.protocol.agent.v1.AgentDescription;
import dev.littoral.protocol.agent.v1.AgentGrpc;
import dev.littoral.protocol.agent.v1.DescribeRequest;
import dev.littoral.protocol.agent.v1.ForwardRequest;
import dev.littoral.protocol.agent.v1.ForwardResponse;
import dev.littoral.protocol.agent.v1.GenerateEvent;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.protocol.agent.v1.LoadProgress;
import dev.littoral.protocol.agent.v1.LoadRequest;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;

/** Hands each call to what serves it; does no work on the threads of the transport. */
final class AgentService extends AgentGrpc.AgentImplBase {

    private final Serving serving;
    private final ExecutorService answers;
    private final ExecutorService steps;
    private final ScheduledExecutorService timers;
    private final Semaphore admitted;

    /**
     * Makes one.
     *
     * @param answers has a thread for each answer; no more than {@code mostAnswers} are admitted
     * @param steps runs the steps of forwarded sequences
     */
    AgentService(
            Serving serving,
            ExecutorService answers,
            int mostAnswers,
            ExecutorService steps,
            ScheduledExecutorService timers) {
        this.serving = serving;
        this.answers = answers;
        this.admitted = new Semaphore(mostAnswers);
        this.steps = steps;
        this.timers = timers;
    }

    @Override
    public void describe(DescribeRequest request, StreamObserver<AgentDescription> reader) {
        reader.onNext(Descriptions.of(serving));
        reader.onCompleted();
    }

    @Override
    public void load(LoadRequest request, StreamObserver<LoadProgress> reader) {
        LoadFollower.follow(serving.loader(), (ServerCallStreamObserver<LoadProgress>) reader);
    }

    @Override
    public void generate(GenerateRequest request, StreamObserver<GenerateEvent> reader) {
        if (!admitted.tryAcquire()) {
            reader.onError(Refusal.of(
                    Status.Code.RESOURCE_EXHAUSTED,
                    Reason.TooManyRequests,
                    "too many requests are waiting for a slot"));
            return;
        }
        var stream = (ServerCallStreamObserver<GenerateEvent>) reader;
        var writer = new AnswerWriter(stream, serving.settings().limits().unreadBytes());
        var call = new GenerateCall(serving, request, writer);
        stream.setOnCancelHandler(call::cancel);
        answers.execute(() -> {
            try {
                call.run();
            } finally {
                admitted.release();
            }
        });
    }

    @Override
    public StreamObserver<ForwardRequest> forward(StreamObserver<ForwardResponse> upstream) {
        return new ForwardCall(serving, (ServerCallStreamObserver<ForwardResponse>) upstream, steps, timers);
    }
}
