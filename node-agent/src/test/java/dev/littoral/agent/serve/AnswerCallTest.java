package dev.littoral.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.protocol.agent.v1.Finished;
import dev.littoral.protocol.agent.v1.GenerateEvent;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AnswerCallTest {

    @ParameterizedTest
    @MethodSource("failures")
    void whoeverWaitsHearsOfEveryFailureAndTheSlotIsFree(Throwable failure) {
        var reader = new Reader();
        var answering = new Failing(failure);
        var outcomes = new Outcomes();
        Deadline deadline = Deadline.of(GenerateRequest.getDefaultInstance(), Clock.systemUTC());

        new AnswerCall(answering, new AnswerWriter(reader, 1), new Patience(Duration.ofMinutes(1), deadline), outcomes)
                .run();

        assertThat(reader.errors).hasSize(1);
        assertThat(Status.fromThrowable(reader.errors.getFirst()).getCode()).isEqualTo(Status.Code.INTERNAL);
        assertThat(answering.closed).isTrue();
        assertThat(outcomes.heard).containsExactly(Reason.Unexpected.name());
    }

    static List<Throwable> failures() {
        return List.of(
                new IllegalStateException("unexpected"),
                new OutOfMemoryError("Java heap space"),
                new StackOverflowError(),
                new NoClassDefFoundError("a class whose initializer failed"));
    }

    private static final class Failing implements Answering {

        private final Throwable failure;
        private boolean closed;

        Failing(Throwable failure) {
            this.failure = failure;
        }

        @Override
        public Finished answer(AnswerReader reader) {
            switch (failure) {
                case Error error -> throw error;
                case RuntimeException exception -> throw exception;
                default -> throw new AssertionError(failure);
            }
        }

        @Override
        public int completionTokens() {
            return 0;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static final class Outcomes implements Observations {

        private final List<String> heard = new ArrayList<>();

        @Override
        public void promptTaken(int tokens) {}

        @Override
        public void firstToken(Duration sinceArrival) {}

        @Override
        public void tokensGiven(int tokens) {}

        @Override
        public void answerEnded(String outcome) {
            heard.add(outcome);
        }
    }

    /** A caller that only gathers the errors that it is told. */
    private static final class Reader extends ServerCallStreamObserver<GenerateEvent> {

        private final List<Throwable> errors = new ArrayList<>();

        @Override
        public void onError(Throwable error) {
            errors.add(error);
        }

        @Override
        public void onNext(GenerateEvent event) {}

        @Override
        public void onCompleted() {}

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void setOnCancelHandler(Runnable handler) {}

        @Override
        public void setCompression(String compression) {}

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setOnReadyHandler(Runnable handler) {}

        @Override
        public void disableAutoInboundFlowControl() {}

        @Override
        public void request(int count) {}

        @Override
        public void setMessageCompression(boolean enable) {}
    }
}
