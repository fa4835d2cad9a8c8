package dev.littoral.scheduler.kafka;

import dev.littoral.scheduler.openai.OpenAiJson;
import dev.littoral.scheduler.request.AnswerSink;
import dev.littoral.scheduler.request.InferenceRequest;
import dev.littoral.scheduler.request.Piece;
import dev.littoral.scheduler.request.ReaderGone;
import dev.littoral.scheduler.request.Window;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/** Writes the chunks of an answer, numbered, at most a window ahead of the broker. */
final class KafkaAnswer implements AnswerSink {

    private static final Logger LOG = Logger.getLogger(KafkaAnswer.class);
    private static final int CHUNKS_ON_THEIR_WAY = 32;

    /** Attempts of one answer: its first, and one more when its agent is lost. */
    static final int MOST_ATTEMPTS = 2;

    private static final Duration BROKER_PATIENCE = Duration.ofMinutes(2);

    private final Window window = new Window(CHUNKS_ON_THEIR_WAY, BROKER_PATIENCE);
    private final Publisher publisher;
    private final ResponseRecords records;
    private final Clock clock;
    private final Instant created;
    private Optional<InferenceRequest> request = Optional.empty();
    private final long firstAttempt;
    private long attempt;
    private int sequence;
    private final Set<Integer> begun = new HashSet<>();
    private final Deque<Publisher.Outgoing> unwritten = new ArrayDeque<>();
    private boolean muted;

    /**
     * Writes nothing yet.
     *
     * @param firstAttempt number of its first attempt, above those of whoever ran this request before
     */
    KafkaAnswer(Publisher publisher, ResponseRecords records, Clock clock, long firstAttempt) {
        this.firstAttempt = firstAttempt;
        this.attempt = firstAttempt;
        this.publisher = publisher;
        this.records = records;
        this.clock = clock;
        this.created = clock.instant();
    }

    Instant created() {
        return created;
    }

    @Override
    public void started(InferenceRequest started) {
        request = Optional.of(started);
    }

    @Override
    public void text(String piece) throws InterruptedException {
        piece(new Piece(0, piece));
    }

    @Override
    public void piece(Piece piece) throws InterruptedException {
        if (!inOnePiece()) {
            unwritten.add(record(piece));
            writeAllBut(0);
        }
    }

    /** Keeps it for the final, which is there already: they need not be written one after the other. */
    @Override
    public void lastPiece(Piece piece) throws InterruptedException {
        if (!inOnePiece()) {
            unwritten.add(record(piece));
            writeAllBut(1);
        }
    }

    private boolean inOnePiece() {
        return request.orElseThrow().inOnePiece();
    }

    /** Returns the chunks that are to be written with the final, in front of it. */
    List<Publisher.Outgoing> held() {
        return List.copyOf(unwritten);
    }

    private Publisher.Outgoing record(Piece piece) {
        InferenceRequest answered = request.orElseThrow();
        // the first piece of a chat's choice names the role, too: a record of its own for it would hold the piece up
        return records.chunk(
                begun.add(piece.choice())
                        ? OpenAiJson.firstChunk(answered, created, piece)
                        : OpenAiJson.chunk(answered, created, piece),
                attempt,
                sequence++,
                clock.instant());
    }

    /** Waits until the broker has every chunk, so that the final lies behind them. */
    void drain() throws InterruptedException {
        try {
            window.drain();
        } catch (ReaderGone e) {
            LOG.warnf("an answer ends without all of its chunks: %s", e.getMessage());
        }
    }

    @Override
    public void restart(int next) {
        attempt = firstAttempt + next - 1;
        sequence = 0;
        begun.clear();
        // nobody has seen them, and their text is taken back
        unwritten.clear();
    }

    @Override
    public boolean restartable() {
        return true;
    }

    /** Whoever is interrupted here, since the agent was lost, goes on with another: the chunk is written with the next. */
    private void writeAllBut(int kept) throws InterruptedException {
        try {
            while (!muted && unwritten.size() > kept) {
                CompletableFuture<OptionalLong> written = publisher.response(unwritten.getFirst());
                unwritten.removeFirst();
                window.add(written);
            }
        } catch (ReaderGone e) {
            // the final response carries the whole answer and is written until it is safe
            LOG.warnf("an answer goes on without chunks: %s", e.getMessage());
            muted = true;
        }
        if (muted) {
            unwritten.clear();
        }
    }
}
