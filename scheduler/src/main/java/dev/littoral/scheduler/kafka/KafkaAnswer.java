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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/** Writes the chunks of an answer, numbered, at most a window ahead of the broker. */
final class KafkaAnswer implements AnswerSink {

    private static final Logger LOG = Logger.getLogger(KafkaAnswer.class);
    private static final int CHUNKS_ON_THEIR_WAY = 32;

    /** A longer last chunk is written by itself: it may be what the topic does not take, and must not keep the final. */
    private static final int MOST_HELD_CHARACTERS = 1024;

    private static final Duration BROKER_PATIENCE = Duration.ofMinutes(2);

    private final Window window = new Window(CHUNKS_ON_THEIR_WAY, BROKER_PATIENCE);
    private final Publisher publisher;
    private final ResponseRecords records;
    private final Clock clock;
    private final Instant created;
    private Optional<InferenceRequest> request = Optional.empty();
    private int attempt = 1;
    private int sequence;
    private final Set<Integer> begun = new HashSet<>();
    private final List<Publisher.Outgoing> held = new ArrayList<>();
    private boolean muted;

    KafkaAnswer(Publisher publisher, ResponseRecords records, Clock clock) {
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
        if (inOnePiece()) {
            return;
        }
        releaseHeld();
        send(record(piece));
    }

    /** Keeps it for the final, which is there already: they need not be written one after the other. */
    @Override
    public void lastPiece(Piece piece) throws InterruptedException {
        if (inOnePiece() || muted) {
            return;
        }
        releaseHeld();
        if (piece.text().length() > MOST_HELD_CHARACTERS) {
            send(record(piece));
        } else {
            held.add(record(piece));
        }
    }

    private boolean inOnePiece() {
        return request.orElseThrow().inOnePiece();
    }

    /** Returns the chunks that are to be written with the final, in front of it. */
    List<Publisher.Outgoing> held() {
        return List.copyOf(held);
    }

    private void releaseHeld() throws InterruptedException {
        for (Publisher.Outgoing chunk : held) {
            send(chunk);
        }
        held.clear();
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
        attempt = next;
        sequence = 0;
        begun.clear();
        // nobody has seen them, and their text is taken back
        held.clear();
    }

    @Override
    public boolean restartable() {
        return true;
    }

    private void send(Publisher.Outgoing chunk) throws InterruptedException {
        if (muted) {
            return;
        }
        try {
            window.add(publisher.response(chunk));
        } catch (ReaderGone e) {
            // the final response carries the whole answer and is written until it is safe
            LOG.warnf("an answer goes on without chunks: %s", e.getMessage());
            muted = true;
        }
    }
}
