package dev.littoral.scheduler.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.scheduler.openai.OpenAiJson;
import dev.littoral.scheduler.request.AnswerSink;
import dev.littoral.scheduler.request.InferenceRequest;
import dev.littoral.scheduler.request.Piece;
import dev.littoral.scheduler.request.ReaderGone;
import dev.littoral.scheduler.request.Window;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/** Writes the chunks of an answer, numbered, at most a window ahead of the broker. */
final class KafkaAnswer implements AnswerSink {

    private static final Logger LOG = Logger.getLogger(KafkaAnswer.class);
    private static final int CHUNKS_ON_THEIR_WAY = 32;
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
        InferenceRequest answered = request.orElseThrow();
        if (answered.inOnePiece()) {
            return;
        }
        // the first piece of a chat's choice names the role, too: a record of its own for it would hold the piece up
        send(
                begun.add(piece.choice())
                        ? OpenAiJson.firstChunk(answered, created, piece)
                        : OpenAiJson.chunk(answered, created, piece));
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
    }

    @Override
    public boolean restartable() {
        return true;
    }

    private void send(JsonNode chunk) throws InterruptedException {
        if (muted) {
            return;
        }
        try {
            window.add(publisher.response(records.chunk(chunk, attempt, sequence++, clock.instant())));
        } catch (ReaderGone e) {
            // the final response carries the whole answer and is written until it is safe
            LOG.warnf("an answer goes on without chunks: %s", e.getMessage());
            muted = true;
        }
    }
}
