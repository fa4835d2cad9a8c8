package dev.littoral.agent.serve;

import dev.littoral.protocol.agent.v1.Activations;
import dev.littoral.protocol.agent.v1.AgentGrpc;
import dev.littoral.protocol.agent.v1.ForwardRequest;
import dev.littoral.protocol.agent.v1.ForwardResponse;
import dev.littoral.protocol.agent.v1.OpenSequence;
import dev.littoral.protocol.agent.v1.Sampled;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Is one sequence in the stages after this one, and checks what they answer.
 *
 * <p>Sending is for one thread at a time, closing for any.
 */
final class DownstreamSequence {

    /** Hears of the sequence, on the connection's event loop: must not wait. */
    interface Listener {

        void opened();

        void sampled(Sampled sampled);

        /** More can be sent without piling up. */
        void roomToSend();

        /** Nothing comes after this. */
        void failed(StatusRuntimeException cause);
    }

    private final Listener listener;
    private final int vocabularySize;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Answers answers = new Answers();
    private final Queue<Integer> owedPositions = new ConcurrentLinkedQueue<>();

    private DownstreamSequence(Listener listener, int vocabularySize) {
        this.listener = listener;
        this.vocabularySize = vocabularySize;
    }

    /** Opens it; the listener hears when slots are held in all later stages. */
    static DownstreamSequence open(AgentGrpc.AgentStub stub, OpenSequence open, int vocabularySize, Listener listener) {
        var sequence = new DownstreamSequence(listener, vocabularySize);
        stub.forward(sequence.answers);
        sequence.answers
                .requests()
                .onNext(ForwardRequest.newBuilder().setOpen(open).build());
        return sequence;
    }

    boolean hasRoom() {
        return answers.requests().isReady();
    }

    void send(Activations activations) {
        if (activations.getSample()) {
            owedPositions.add(activations.getPosition() + activations.getRows());
        }
        try {
            answers.requests()
                    .onNext(ForwardRequest.newBuilder()
                            .setActivations(activations)
                            .build());
        } catch (IllegalStateException e) {
            // a call that was cancelled meanwhile takes nothing; whoever closed it knows
            if (!closed.get()) {
                throw e;
            }
        }
    }

    /** Frees the slots of all later stages; the listener hears nothing more. */
    void close() {
        if (closed.compareAndSet(false, true)) {
            answers.requests().cancel("the sequence ended", null);
        }
    }

    private void fail(StatusRuntimeException cause) {
        if (closed.compareAndSet(false, true)) {
            answers.requests().cancel("failed", null);
            listener.failed(cause);
        }
    }

    private void lied(String what) {
        fail(Refusal.of(Status.Code.UNAVAILABLE, Reason.NextStageLied, "the next stage " + what));
    }

    private final class Answers implements ClientResponseObserver<ForwardRequest, ForwardResponse> {

        private @Nullable ClientCallStreamObserver<ForwardRequest> requests;
        private boolean opened;

        ClientCallStreamObserver<ForwardRequest> requests() {
            return Objects.requireNonNull(requests);
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<ForwardRequest> stream) {
            requests = stream;
            stream.setOnReadyHandler(listener::roomToSend);
        }

        @Override
        public void onNext(ForwardResponse response) {
            if (closed.get()) {
                return;
            }
            switch (response.getMessageCase()) {
                case OPENED -> {
                    if (opened) {
                        lied("opened one sequence twice");
                    } else {
                        opened = true;
                        listener.opened();
                    }
                }
                case SAMPLED -> sampled(response.getSampled());
                case MESSAGE_NOT_SET -> lied("sent an empty message");
            }
        }

        private void sampled(Sampled sampled) {
            Integer owed = owedPositions.poll();
            if (owed == null) {
                lied("sent a token that was not asked for");
            } else if (sampled.getPosition() != owed) {
                lied("sent a token for position " + sampled.getPosition() + " where one for " + owed + " was due");
            } else if (sampled.getToken() < 0 || sampled.getToken() >= vocabularySize) {
                lied("sent the token " + sampled.getToken() + " of a vocabulary of " + vocabularySize);
            } else {
                listener.sampled(sampled);
            }
        }

        @Override
        public void onError(Throwable cause) {
            fail(Refusal.ofNextStage(cause));
        }

        @Override
        public void onCompleted() {
            fail(Refusal.of(Status.Code.UNAVAILABLE, Reason.NextStageLost, "the next stage ended the sequence"));
        }
    }
}
