package dev.littoral.scheduler.metrics;

import dev.littoral.scheduler.request.AnswerSink;
import dev.littoral.scheduler.request.Answering;
import dev.littoral.scheduler.request.Cancellation;
import dev.littoral.scheduler.request.InferenceRequest;
import dev.littoral.scheduler.request.Outcome;
import dev.littoral.scheduler.request.Piece;
import dev.littoral.scheduler.request.RawRequest;
import dev.littoral.scheduler.request.ReaderGone;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** Counts requests by how they ended, and measures the time to the first token and between tokens. */
public final class MeteredAnswering implements Answering {

    private final Answering answering;
    private final EndMeter ends;
    private final Timer firstToken;
    private final Timer perToken;
    private final DropMeter drops;

    /** Measures this answering. */
    public MeteredAnswering(Answering answering, MeterRegistry meters) {
        this.answering = answering;
        this.ends = new EndMeter(meters);
        this.drops = new DropMeter(meters);
        this.firstToken = meters.timer("littoral.scheduler.time.to.first.token");
        this.perToken = meters.timer("littoral.scheduler.time.per.output.token");
    }

    @Override
    public Outcome answer(RawRequest raw, AnswerSink sink, Cancellation cancellation) {
        Watched watched = new Watched(sink, System.nanoTime());
        Outcome outcome = answering.answer(raw, watched, cancellation);
        long end = System.nanoTime();
        Duration took = Duration.ofNanos(end - watched.start);
        switch (outcome) {
            case Outcome.Answered answered -> {
                // answers beside each other share the time between them
                if (answered.choices().size() == 1) {
                    watched.record(answered.usage().completionTokens(), end);
                }
                ends.answered(took);
            }
            case Outcome.Refused refused -> {
                refused.drop().ifPresent(drops);
                ends.refused(refused.code(), took);
            }
        }
        return outcome;
    }

    private final class Watched implements AnswerSink {

        private final AnswerSink sink;
        private final long start;
        private long first;
        private boolean spoke;

        Watched(AnswerSink sink, long start) {
            this.sink = sink;
            this.start = start;
        }

        void record(int tokens, long end) {
            if (spoke && tokens > 1) {
                perToken.record(Duration.ofNanos((end - first) / (tokens - 1)));
            }
        }

        @Override
        public void started(InferenceRequest request) throws InterruptedException, ReaderGone {
            sink.started(request);
        }

        @Override
        public void text(String piece) throws InterruptedException, ReaderGone {
            speak();
            sink.text(piece);
        }

        @Override
        public void piece(Piece piece) throws InterruptedException, ReaderGone {
            speak();
            sink.piece(piece);
        }

        @Override
        public void lastPiece(Piece piece) throws InterruptedException, ReaderGone {
            speak();
            sink.lastPiece(piece);
        }

        private void speak() {
            if (!spoke) {
                spoke = true;
                first = System.nanoTime();
                firstToken.record(Duration.ofNanos(first - start));
            }
        }

        @Override
        public void restart(int attempt) {
            sink.restart(attempt);
        }

        @Override
        public boolean restartable() {
            return sink.restartable();
        }
    }
}
