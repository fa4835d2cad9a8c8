package dev.littoral.agent.serve;

import dev.littoral.agent.settings.ServiceSettings;
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
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;

/** Hands each call to what serves it; does no work on the threads of the transport. */
final class AgentService extends AgentGrpc.AgentImplBase {

    private final ServiceSettings settings;
    private final Backend backend;
    private final Observations observations;
    private final Clock clock;
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
            ServiceSettings settings,
            Backend backend,
            Observations observations,
            Clock clock,
            ExecutorService answers,
            int mostAnswers,
            ExecutorService steps,
            ScheduledExecutorService timers) {
        this.settings = settings;
        this.backend = backend;
        this.observations = observations;
        this.clock = clock;
        this.answers = answers;
        this.admitted = new Semaphore(mostAnswers);
        this.steps = steps;
        this.timers = timers;
    }

    @Override
    public void describe(DescribeRequest request, StreamObserver<AgentDescription> reader) {
        reader.onNext(Descriptions.of(settings, backend.state()));
        reader.onCompleted();
    }

    @Override
    public void load(LoadRequest request, StreamObserver<LoadProgress> reader) {
        LoadFollower.follow(backend, (ServerCallStreamObserver<LoadProgress>) reader);
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
        var writer = new AnswerWriter(stream, settings.limits().unreadBytes());
        Deadline deadline = Deadline.of(request, clock);
        var patience = new Patience(settings.limits().stalledReader(), deadline);
        var call = new AnswerCall(backend.answering(request, deadline), writer, patience, observations);
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
        return backend.forward((ServerCallStreamObserver<ForwardResponse>) upstream, steps, timers);
    }
}
