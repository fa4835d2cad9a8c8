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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts requests by how they ended, and measures the time to the first token and between tokens. */
public final class MeteredAnswering implements Answering {

    private final Answering answering;
    private final MeterRegistry meters;
    private final Timer firstToken;
    private final Timer perToken;
    private final DropMeter drops;
    private final Map<String, Timer> byCode = new ConcurrentHashMap<>();

    /** Measures this answering. */
    public MeteredAnswering(Answering answering, MeterRegistry meters) {
        this.answering = answering;
        this.meters = meters;
        this.drops = new DropMeter(meters);
        this.firstToken = meters.timer("littoral.scheduler.time.to.first.token");
        this.perToken = meters.timer("littoral.scheduler.time.per.output.token");
    }

    @Override
    public Outcome answer(RawRequest raw, AnswerSink sink, Cancellation cancellation) {
        Watched watched = new Watched(sink, System.nanoTime());
        Outcome outcome = answering.answer(raw, watched, cancellation);
        long end = System.nanoTime();
        String code = switch (outcome) {
            case Outcome.Answered answered -> {
                watched.record(answered.usage().completionTokens(), end);
                yield "OK";
            }
            case Outcome.Refused refused -> {
                refused.drop().ifPresent(drops);
                yield refused.code().name();
            }
        };
        byCode.computeIfAbsent(code, each -> meters.timer("littoral.scheduler.requests", "code", each))
                .record(Duration.ofNanos(end - watched.start));
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
