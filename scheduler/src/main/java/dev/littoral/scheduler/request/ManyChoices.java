package dev.littoral.scheduler.request;

import dev.littoral.scheduler.directory.Deployment;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionService;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
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
            CompletionService<Given> ends = new ExecutorCompletionService<>(threads);
            for (int i = 0; i < request.sampling().choices(); i++) {
                int index = i;
                Cancellation cancellation = new Cancellation();
                cancellations.add(cancellation);
                ends.submit(Tracing.carried(() -> {
                    cancellation.begin();
                    try {
                        if (index > 0) {
                            fan.promptRead.await();
                        }
                        InferenceRequest choice = request.choice(index);
                        return new Given(
                                index, attempts.serve(choice, deployment, terms, fan.sink(index), cancellation));
                    } finally {
                        cancellation.over();
                        fan.promptRead.countDown();
                    }
                }));
            }
            try {
                return joined(request, ends);
            } finally {
                cancellations.forEach(Cancellation::cancel);
            }
        }
    }

    private static Outcome joined(InferenceRequest request, CompletionService<Given> ends)
            throws InterruptedException, ReaderGone {
        SortedMap<Integer, Outcome.Choice> choices = new TreeMap<>();
        int promptTokens = 0;
        int completionTokens = 0;
        while (choices.size() < request.sampling().choices()) {
            Given given = get(ends.take());
            switch (given.outcome()) {
                case Outcome.Answered answered -> {
                    choices.put(given.index(), answered.choices().getFirst());
                    promptTokens = answered.usage().promptTokens();
                    completionTokens += answered.usage().completionTokens();
                }
                case Outcome.Refused refused -> {
                    return refused;
                }
            }
        }
        return new Outcome.Answered(request, List.copyOf(choices.values()), new Usage(promptTokens, completionTokens));
    }

    private static Given get(Future<Given> end) throws InterruptedException, ReaderGone {
        try {
            return end.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case ReaderGone gone -> throw gone;
                case InterruptedException interrupted -> throw interrupted;
                case RuntimeException failure -> throw failure;
                case null, default -> throw new IllegalStateException("a choice failed", e);
            }
        }
    }

    /** How one of the choices ended. */
    private record Given(int index, Outcome outcome) {}

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
                    piece(new Piece(0, text));
                }

                @Override
                public void piece(Piece piece) throws InterruptedException, ReaderGone {
                    promptRead.countDown();
                    hand(new Piece(index, piece.text(), piece.tokens(), piece.textOffset()));
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
