package dev.littoral.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.agent.serve.Refusal;
import dev.littoral.protocol.agent.v1.Activations;
import dev.littoral.protocol.agent.v1.AgentGrpc;
import dev.littoral.protocol.agent.v1.ForwardRequest;
import dev.littoral.protocol.agent.v1.ForwardResponse;
import dev.littoral.protocol.agent.v1.OpenSequence;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Speaks to a later stage by hand, as the stage before it would or never would. */
final class Upstream implements StreamObserver<ForwardResponse> {

    private static final ForwardResponse END = ForwardResponse.getDefaultInstance();

    private final BlockingQueue<ForwardResponse> answers = new LinkedBlockingQueue<>();
    private final StreamObserver<ForwardRequest> requests;
    private volatile Status status = Status.OK;
    private volatile Metadata trailers = new Metadata();

    Upstream(AgentGrpc.AgentStub agent) {
        requests = agent.forward(this);
    }

    Upstream send(OpenSequence.Builder open) {
        requests.onNext(ForwardRequest.newBuilder().setOpen(open).build());
        return this;
    }

    Upstream send(Activations.Builder activations) {
        requests.onNext(ForwardRequest.newBuilder().setActivations(activations).build());
        return this;
    }

    void complete() {
        requests.onCompleted();
    }

    ForwardResponse answer() throws InterruptedException {
        return Objects.requireNonNull(answers.poll(10, TimeUnit.SECONDS), "no answer came");
    }

    void awaitEnd() throws InterruptedException {
        assertThat(answer()).isEqualTo(END);
    }

    Status status() {
        return status;
    }

    /** Waits for the end, which must come after nothing but an Opened. */
    void assertRefused(Status.Code code, String reason) throws InterruptedException {
        for (ForwardResponse next = answer(); !next.equals(END); next = answer()) {
            assertThat(next.hasOpened()).isTrue();
        }
        assertThat(status.getCode()).isEqualTo(code);
        assertThat(trailers.get(Refusal.REASON)).isEqualTo(reason);
    }

    @Override
    public void onNext(ForwardResponse response) {
        answers.add(response);
    }

    @Override
    public void onError(Throwable cause) {
        status = Status.fromThrowable(cause);
        trailers = Objects.requireNonNullElseGet(Status.trailersFromThrowable(cause), Metadata::new);
        answers.add(END);
    }

    @Override
    public void onCompleted() {
        answers.add(END);
    }
}
