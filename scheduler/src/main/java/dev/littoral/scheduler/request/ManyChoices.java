package dev.littoral.scheduler.request;

import dev.littoral.protocol.events.ErrorCode;
import dev.littoral.scheduler.directory.Deployment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Gives several answers to one request, each with a slot and a seed of its own. All but the first begin when the first
 * one's prompt has been read: an agent that holds it need not read it again.
 */
final class ManyChoices {

    private final Attempts attempts;

    ManyChoices(Attempts attempts) {
        this.attempts = attempts;
    }

    /** Gives all answers, or the first refusal; then the others end, too. */
    Outcome serve(InferenceRequest request, Deployment deployment, Terms terms, AnswerSink sink)
            throws InterruptedException, ReaderGone {
        Fan fan = new Fan(request, sink);
        List<Cancellation> cancellations = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Outcome>> outcomes = new ArrayList<>();
            for (int i = 0; i < request.sampling().choices(); i++) {
                int index = i;
                Cancellation cancellation = new Cancellation();
                cancellations.add(cancellation);
                outcomes.add(threads.submit(() -> {
                    cancellation.begin();
                    try {
                        if (index > 0) {
                            fan.promptRead.await();
                        }
                        return attempts.serve(request.choice(index), deployment, terms, fan.sink(index), cancellation);
                    } finally {
                        cancellation.over();
                        fan.promptRead.countDown();
                    }
                }));
            }
            try {
                return joined(request, outcomes);
            } finally {
                cancellations.forEach(Cancellation::cancel);
            }
        }
    }

    private static Outcome joined(InferenceRequest request, List<Future<Outcome>> outcomes)
            throws InterruptedException, ReaderGone {
        List<Outcome.Choice> choices = new ArrayList<>();
        int promptTokens = 0;
        int completionTokens = 0;
        for (Future<Outcome> outcome : outcomes) {
            switch (get(outcome)) {
                case Outcome.Answered answered -> {
                    choices.addAll(answered.choices());
                    promptTokens = answered.usage().promptTokens();
                    completionTokens += answered.usage().completionTokens();
                }
                case Outcome.Refused refused -> {
                    return refused;
                }
            }
        }
        return new Outcome.Answered(request, choices, new Usage(promptTokens, completionTokens));
    }

    private static Outcome get(Future<Outcome> outcome) throws InterruptedException, ReaderGone {
        try {
            return outcome.get();
        } catch (ExecutionException e) {
            return switch (e.getCause()) {
                case ReaderGone gone -> throw gone;
                case InterruptedException interrupted -> throw interrupted;
                case RuntimeException failure -> throw failure;
                case null, default -> Outcome.Refused.of(ErrorCode.AGENT_LOST, "a choice was lost: " + e.getCause());
            };
        }
    }

    /** Leads the pieces of all choices to one reader, one at a time. */
    private static final class Fan {

        private final InferenceRequest request;
        private final AnswerSink sink;
        private final CountDownLatch promptRead = new CountDownLatch(1);
        private boolean announced;

        Fan(InferenceRequest request, AnswerSink sink) {
            this.request = request;
            this.sink = sink;
        }

        private synchronized void start() throws InterruptedException, ReaderGone {
            if (!announced) {
                announced = true;
                sink.started(request);
            }
        }

        private synchronized void hand(Piece piece) throws InterruptedException, ReaderGone {
            sink.piece(piece);
        }

        AnswerSink sink(int index) {
            return new AnswerSink() {
                @Override
                public void started(InferenceRequest one) throws InterruptedException, ReaderGone {
                    start();
                }

                @Override
                public void text(String text) throws InterruptedException, ReaderGone {
                    piece(new Piece(0, text, List.of()));
                }

                @Override
                public void piece(Piece piece) throws InterruptedException, ReaderGone {
                    promptRead.countDown();
                    hand(new Piece(index, piece.text(), piece.tokens()));
                }

                @Override
                public void restart(int attempt) {
                    throw new IllegalStateException("pieces of one choice of several cannot be taken back");
                }

                @Override
                public boolean restartable() {
                    return false;
                }
            };
        }
    }
}
