package dev.littoral.scheduler.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.littoral.scheduler.rig.FakeAgent;
import dev.littoral.scheduler.rig.Rig;
import java.util.Optional;
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
