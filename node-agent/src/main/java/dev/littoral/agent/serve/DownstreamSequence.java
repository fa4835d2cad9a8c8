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

        /** Slots are held in all later stages, and they hold this many rows of the prompt, which need not be sent. */
        void opened(int reused);

        void sampled(Sampled sampled);

        /** More can be sent without piling up. */
        void roomToSend();

        /** Nothing comes after this. */
        void failed(StatusRuntimeException cause);
    }

    private final Listener listener;
    private final int vocabularySize;
    private final int promptTokens;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Answers answers = new Answers();
    private final Queue<Integer> owedPositions = new ConcurrentLinkedQueue<>();

    private DownstreamSequence(Listener listener, int vocabularySize, int promptTokens) {
        this.listener = listener;
        this.promptTokens = promptTokens;
        this.vocabularySize = vocabularySize;
    }

    /** Opens it; the listener hears when slots are held in all later stages. */
    static DownstreamSequence open(AgentGrpc.AgentStub stub, OpenSequence open, int vocabularySize, Listener listener) {
        var sequence = new DownstreamSequence(listener, vocabularySize, open.getPromptCount());
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
                        opened(response.getOpened().getReused());
                    }
                }
                case SAMPLED -> sampled(response.getSampled());
                case MESSAGE_NOT_SET -> lied("sent an empty message");
            }
        }

        private void opened(int reused) {
            if (reused < 0 || reused >= Math.max(1, promptTokens)) {
                lied("holds " + reused + " rows of a prompt of " + promptTokens);
            } else {
                listener.opened(reused);
            }
        }

        private void sampled(Sampled sampled) {
            Integer owed = owedPositions.poll();
            if (owed == null) {
                lied("sent a token that was not asked for");
            } else if (sampled.getPosition() != owed) {
                lied("sent a token for position " + sampled.getPosition() + " where one for " + owed + " was due");
            } else if (unknown(sampled.getToken())) {
                lied("sent the token " + sampled.getToken() + " of a vocabulary of " + vocabularySize);
            } else if (sampled.getLikeliestList().stream().anyMatch(each -> unknown(each.getToken()))) {
                lied("sent a likely token that is not in the vocabulary of " + vocabularySize);
            } else {
                listener.sampled(sampled);
            }
        }

        private boolean unknown(int token) {
            return token < 0 || token >= vocabularySize;
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
