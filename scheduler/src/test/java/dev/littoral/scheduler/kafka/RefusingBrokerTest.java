package dev.littoral.scheduler.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.littoral.scheduler.openai.OpenAiParser;
import dev.littoral.scheduler.request.Answering;
import dev.littoral.scheduler.request.Dialect;
import dev.littoral.scheduler.request.FinishReason;
import dev.littoral.scheduler.request.InferenceRequest;
import dev.littoral.scheduler.request.Outcome;
import dev.littoral.scheduler.request.Piece;
import dev.littoral.scheduler.request.ReaderGone;
import dev.littoral.scheduler.request.RequestParsing;
import dev.littoral.scheduler.request.Usage;
import dev.littoral.scheduler.rig.FakeAgent;
import dev.littoral.scheduler.rig.Rig;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class RefusingBrokerTest extends HandlerRig {

    @Test
    void aTopicThatRefusesTheWriterIsAskedUntilItDoesNot() throws Exception {
        written.failure = new TopicAuthorizationException("littoral.responses");
        written.refusals.set(3);

        handle(Optional.empty(), wire("r1", "{\"model\":\"none\",\"prompt\":\"x\"}"));

        assertThat(finals()).containsExactly("MODEL_NOT_FOUND");
    }

    @Test
    void whatABrokerRefusesIsCounted() throws Exception {
        written.failure = new TopicAuthorizationException("littoral.responses");
        written.refusals.set(3);

        handle(Optional.empty(), wire("r1", "{\"model\":\"none\",\"prompt\":\"x\"}"));

        assertThat(meters.get("littoral.scheduler.records.refused")
                        .tags("topic", "littoral.responses", "reason", "TopicAuthorizationException")
                        .counter()
                        .count())
                .isEqualTo(3);
    }

    @Test
    void aChunkThatWaitsWithItsFinalAndIsTooLongDoesNotKeepTheShorterFinalBack() throws Exception {
        InferenceRequest request =
                ((RequestParsing.Parsed.Valid) new OpenAiParser().parse("r1", Dialect.CHAT, CHAT)).request();
        String text = "y".repeat(3000);
        Answering answering = (raw, sink, cancellation) -> {
            try {
                sink.started(request);
                sink.lastPiece(new Piece(0, text));
            } catch (InterruptedException | ReaderGone e) {
                throw new IllegalStateException(e);
            }
            return new Outcome.Answered(request, text, FinishReason.STOP, new Usage(1, 1));
        };
        PartitionBook own = new PartitionBook(TENURE, Progress.startingAt(0), 0, new AllOrNone(2000));
        own.read(0);

        assertThat(new RequestHandler(
                                answering, written, new Settings(), Rig.CLOCK, new OnceOnly(new Settings()), meters)
                        .handle(Optional.empty(), wire("r1", CHAT), own.entry(0)))
                .isTrue();

        assertThat(finals()).containsExactly("INVALID_REQUEST");
    }

    /** Takes a final with its chunks, or nothing of it, as a transaction does. */
    private final class AllOrNone implements FinalsWriter {

        private final int longestBytes;

        AllOrNone(int longestBytes) {
            this.longestBytes = longestBytes;
        }

        @Override
        public CompletableFuture<OptionalLong> write(String requestId, List<Publisher.Outgoing> last) {
            if (last.stream().anyMatch(each -> each.value().orElseThrow().length > longestBytes)) {
                return CompletableFuture.failedFuture(new RecordTooLargeException("too large"));
            }
            written.responses.addAll(last);
            return CompletableFuture.completedFuture(OptionalLong.empty());
        }

        @Override
        public void fence() {}

        @Override
        public void resume(Set<String> ended) {}

        @Override
        public boolean writes() {
            return true;
        }

        @Override
        public void close() {}
    }

    @Test
    void anErrorWhileARequestRunsEndsItAsFailed() throws Exception {
        RequestHandler failing = new RequestHandler(
                (raw, sink, cancellation) -> {
                    throw new StackOverflowError("as if");
                },
                written,
                new Settings(),
                Rig.CLOCK,
                new OnceOnly(new Settings()),
                meters);
        book.read(offset);

        assertThat(failing.handle(Optional.empty(), wire("r1", CHAT), book.entry(offset)))
                .isTrue();

        assertThat(finals()).containsExactly("AGENT_LOST");
    }

    @Test
    void anErrorWhileAFinalIsWrittenLeavesTheRequestToBeBegunAnew() throws Exception {
        deploy(FakeAgent.saying("x"));
        written.errors.set(1);
        book.read(offset);
        PartitionBook.Entry entry = book.entry(offset);

        assertThatThrownBy(() -> handler.handle(Optional.empty(), wire("r1", CHAT), entry))
                .isInstanceOf(OutOfMemoryError.class);
        assertThat(handler.handle(Optional.empty(), wire("r1", CHAT), entry)).isTrue();

        assertThat(finals()).containsExactly("");
    }

    @Test
    void aFinalThatTheBrokerDoesNotTakeIsSentAgain() throws Exception {
        deploy(FakeAgent.saying("x"));
        written.refusals.set(2);

        handle(Optional.empty(), wire("r1", "{\"model\":\"none\",\"prompt\":\"x\"}"));

        assertThat(finals()).containsExactly("MODEL_NOT_FOUND");
        assertThat(written.refusals).hasValue(0);
    }

    @Test
    void anAnswerThatTheTopicNeverTakesBecomesARefusal() throws Exception {
        deploy(FakeAgent.saying("y".repeat(3000)));
        written.longestBytes = 2000;

        handle(Optional.empty(), wire("r1", CHAT));

        assertThat(finals()).containsExactly("INVALID_REQUEST");
    }

    @Test
    void aKeyThatIsTooLongForTheTopicEndsInAFinalWithoutIt() throws Exception {
        deploy(FakeAgent.saying("x"));
        written.longestRecordBytes = 2000;

        assertThat(handle(Optional.of(new byte[3000]), wire("r1", CHAT))).isTrue();

        assertThat(finals()).containsExactly("INVALID_REQUEST");
        assertThat(written.responses.getLast().key()).contains("r1".getBytes(UTF_8));
        assertThat(written.responses.getLast().partition()).hasValue(3);
    }

    @Test
    void aDeadLetterThatIsTooLongWithoutItsValueHasItsIdAndReason() throws Exception {
        written.longestRecordBytes = 2000;

        assertThat(handle(Optional.of(new byte[3000]), wire("r1", "hello", "x-note", "x".repeat(3000))))
                .isTrue();

        Publisher.Outgoing letter = written.deadLetters.getFirst();
        assertThat(letter.headers().keySet()).containsExactlyInAnyOrder("ce_id", "littoral-reason", "littoral-message");
        assertThat(header(letter, "littoral-reason")).isEqualTo("NotJson");
        assertThat(finals()).containsExactly("INVALID_REQUEST");
    }

    @Test
    void theLongestIdFitsIntoTheShortestFinalAndDeadLetter() throws Exception {
        written.longestRecordBytes = 4000;
        String id = "\uffff".repeat(256);

        assertThat(handle(Optional.of(new byte[5000]), wire(id, "hello", "x-note", "x".repeat(5000))))
                .isTrue();

        assertThat(written.deadLetters).hasSize(1);
        assertThat(finals()).containsExactly("INVALID_REQUEST");
    }

    @Test
    void chunksThatCannotBeWrittenDoNotSpoilTheFinal() throws Exception {
        deploy(FakeAgent.saying("to", "day"));
        written.chunksFail = true;

        handle(Optional.empty(), wire("r1", CHAT));

        assertThat(data(written.responses.getLast()).path("status_code").asInt())
                .isEqualTo(200);
        assertThat(data(written.responses.getLast())
                        .at("/payload/choices/0/message/content")
                        .asText())
                .isEqualTo("today");
    }
}
