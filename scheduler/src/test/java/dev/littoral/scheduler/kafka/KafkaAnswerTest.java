package dev.littoral.scheduler.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.littoral.scheduler.openai.OpenAiParser;
import dev.littoral.scheduler.request.Dialect;
import dev.littoral.scheduler.request.Piece;
import dev.littoral.scheduler.request.RequestParsing;
import dev.littoral.scheduler.rig.Rig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KafkaAnswerTest {

    private final List<Publisher.Outgoing> written = new ArrayList<>();
    private final AtomicInteger interruptions = new AtomicInteger();
    private final Publisher publisher = new Publisher() {
        @Override
        public CompletableFuture<OptionalLong> response(Outgoing outgoing) throws InterruptedException {
            if (interruptions.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new InterruptedException("as if the agent were lost");
            }
            written.add(outgoing);
            return CompletableFuture.completedFuture(OptionalLong.of(written.size()));
        }

        @Override
        public CompletableFuture<OptionalLong> deadLetter(Outgoing outgoing) {
            throw new AssertionError("an answer writes no dead letter");
        }
    };
    private final KafkaAnswer answer = new KafkaAnswer(
            publisher, new ResponseRecords("r1", Optional.empty(), OptionalInt.of(0), Optional.empty()), Rig.CLOCK, 7);

    @BeforeEach
    void begin() {
        var parsed = (RequestParsing.Parsed.Valid) new OpenAiParser().parse("r1", Dialect.CHAT, HandlerRig.CHAT);
        answer.started(parsed.request());
    }

    @Test
    void aPieceGoesOutAtOnceAndTheLastOneIsLeftToTheFinal() throws Exception {
        answer.piece(new Piece(0, "one"));
        answer.lastPiece(new Piece(0, "two"));

        assertThat(texts(written)).containsExactly("r1/7/0 one");
        assertThat(texts(answer.held())).containsExactly("r1/7/1 two");
    }

    @Test
    void whatComesBehindALastPieceSendsItFirst() throws Exception {
        answer.lastPiece(new Piece(0, "one"));
        answer.piece(new Piece(0, "two"));

        assertThat(texts(written)).containsExactly("r1/7/0 one", "r1/7/1 two");
        assertThat(answer.held()).isEmpty();
    }

    @Test
    void aLastPieceThatIsTakenBackIsNeverWritten() throws Exception {
        answer.lastPiece(new Piece(0, "one"));
        answer.restart(2);
        answer.piece(new Piece(0, "two"));

        assertThat(texts(written)).containsExactly("r1/8/0 two");
        assertThat(answer.held()).isEmpty();
    }

    @Test
    void aPieceWhoseWritingIsInterruptedIsWrittenBeforeTheNextOne() throws Exception {
        interruptions.set(1);

        assertThatThrownBy(() -> answer.piece(new Piece(0, "one"))).isInstanceOf(InterruptedException.class);
        answer.piece(new Piece(0, "two"));

        assertThat(texts(written)).containsExactly("r1/7/0 one", "r1/7/1 two");
    }

    @Test
    void aLastPieceBehindOneWhoseWritingIsInterruptedTwiceIsLeftToTheFinalWithIt() throws Exception {
        interruptions.set(2);

        assertThatThrownBy(() -> answer.piece(new Piece(0, "one"))).isInstanceOf(InterruptedException.class);
        assertThatThrownBy(() -> answer.lastPiece(new Piece(0, "two"))).isInstanceOf(InterruptedException.class);

        assertThat(written).isEmpty();
        assertThat(texts(answer.held())).containsExactly("r1/7/0 one", "r1/7/1 two");
    }

    private static List<String> texts(List<Publisher.Outgoing> chunks) {
        return chunks.stream().map(KafkaAnswerTest::text).toList();
    }

    private static String text(Publisher.Outgoing chunk) {
        String value = new String(chunk.value().orElseThrow(), UTF_8);
        String id = new String(Optional.ofNullable(chunk.headers().get("ce_id")).orElseThrow(), UTF_8);
        return id + value.replaceAll(".*\"content\":\"(\\w+)\".*", " $1");
    }
}
