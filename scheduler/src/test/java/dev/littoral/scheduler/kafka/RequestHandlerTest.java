package dev.littoral.scheduler.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.scheduler.rig.FakeAgent;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RequestHandlerTest extends HandlerRig {

    @Test
    void chunksComeInOrderAndThenOneFinal() throws Exception {
        deploy(FakeAgent.saying("to", "day"));

        handle(Optional.of("k".getBytes(UTF_8)), wire("r1", CHAT));

        assertThat(written.responses)
                .extracting(each -> header(each, "ce_type"))
                .containsExactly(
                        "dev.littoral.response.chunk", "dev.littoral.response.chunk", "dev.littoral.response.final");
        assertThat(written.responses).allSatisfy(each -> {
            assertThat(header(each, "ce_requestid")).isEqualTo("r1");
            assertThat(new String(each.key().orElseThrow(), UTF_8)).isEqualTo("k");
        });
        assertThat(written.responses.subList(0, 2))
                .extracting(each -> header(each, "ce_attempt") + "/" + header(each, "ce_sequence"))
                .containsExactly("1/0", "1/1");
        JsonNode end = data(written.responses.getLast());
        assertThat(end.path("id").asText()).isEqualTo("r1");
        assertThat(end.path("status_code").asInt()).isEqualTo(200);
        assertThat(end.has("error_code")).isFalse();
        assertThat(end.at("/payload/choices/0/message/content").asText()).isEqualTo("today");
    }

    @Test
    void theSameIdTwiceIsAnsweredOnce() throws Exception {
        deploy(FakeAgent.saying("x"));

        handle(Optional.empty(), wire("r1", CHAT));
        handle(Optional.empty(), wire("r1", CHAT));

        assertThat(finals()).hasSize(1);
        assertThat(agents.getFirst().requests()).hasSize(1);
    }

    @Test
    void theTraceGoesOnToTheAgentAndIntoEveryAnswer() throws Exception {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        deploy(FakeAgent.saying("x"));

        handle(Optional.empty(), wire("r1", CHAT, "traceparent", trace));

        assertThat(agents.getFirst().traces()).containsExactly(trace);
        assertThat(written.responses)
                .hasSize(2)
                .allSatisfy(each -> assertThat(header(each, "traceparent")).isEqualTo(trace));
    }

    @Test
    void whatTheSchemasSayIsWhatIsWritten() throws Exception {
        deploy(FakeAgent.saying("to", "day"));
        handle(Optional.of("k".getBytes(UTF_8)), wire("r1", CHAT));
        handle(Optional.empty(), wire("r2", "{\"model\":\"tiny\",\"prompt\":\"x\"}"));
        handle(Optional.empty(), wire("r3", "{\"model\":\"none\",\"prompt\":\"x\"}"));
        handle(Optional.empty(), wire("r4", "hello"));

        for (Publisher.Outgoing each : written.responses) {
            String kind = header(each, "ce_type").endsWith("final") ? "final" : "chunk";
            assertThat(Contract.faults(kind + "-headers", each.headers())).isEmpty();
            assertThat(Contract.faults(kind, each.value().orElseThrow())).isEmpty();
        }
        assertThat(Contract.faults(
                        "dead-letter-headers", written.deadLetters.getFirst().headers()))
                .isEmpty();
        assertThat(Contract.faults("request", CHAT.getBytes(UTF_8))).isEmpty();
        assertThat(Contract.faults("request-headers", wire("r1", CHAT).headers()))
                .isEmpty();
        // a check that cannot fail says nothing
        assertThat(Contract.faults("final", written.responses.getFirst().value().orElseThrow()))
                .isNotEmpty();
    }

    @Test
    void theLeastPriorityIsServedToo() throws Exception {
        deploy(FakeAgent.saying("x"));

        handle(Optional.empty(), wire("r1", CHAT, "ce_priority", Integer.toString(Integer.MIN_VALUE)));

        assertThat(finals()).containsExactly("");
    }

    @Test
    void whoAsksForOnePieceGetsTheFinalOnly() throws Exception {
        deploy(FakeAgent.saying("to", "day"));

        handle(Optional.empty(), wire("r1", CHAT.replace("{\"model\"", "{\"stream\":false,\"model\"")));

        assertThat(written.responses).hasSize(1);
        assertThat(finals()).containsExactly("");
    }

    @Test
    void theSameIdWhileItRunsWaitsForItsFinal() throws Exception {
        deploy(FakeAgent.hanging("x"));
        CompletableFuture<Void> first = later(wire("r1", CHAT));
        await().until(() -> agents.getFirst().running() == 1);
        CompletableFuture<Void> second = later(wire("r1", CHAT));
        await().during(Duration.ofMillis(200)).until(() -> !second.isDone());

        handler.cancel("r1");

        CompletableFuture.allOf(first, second).join();
        assertThat(finals()).hasSize(1);
    }

    @Test
    void aCancellationEndsTheRequest() throws Exception {
        deploy(FakeAgent.hanging("x"));
        CompletableFuture<Void> run = later(wire("r1", CHAT));
        await().until(() -> agents.getFirst().running() == 1);

        handler.cancel("r1");

        run.join();
        assertThat(finals()).containsExactly("CANCELLED");
        await().until(() -> agents.getFirst().running() == 0);
    }

    @Test
    void aCancellationThatComesBeforeItsRequestIsBegunEndsIt() throws Exception {
        deploy(FakeAgent.saying("x"));

        handler.cancel("r1");
        handle(Optional.empty(), wire("r1", CHAT));
        handle(Optional.empty(), wire("r2", CHAT));

        assertThat(finals()).containsExactly("CANCELLED", "");
        assertThat(agents.getFirst().requests())
                .extracting(GenerateRequest::getId)
                .containsExactly("r2");
    }

    @Test
    void aDeadlineInThePastIsAnsweredSo() throws Exception {
        deploy(FakeAgent.saying("x"));

        handle(Optional.empty(), wire("r1", CHAT, "ce_deadline", "2020-01-01T00:00:00Z"));

        assertThat(finals()).containsExactly("DEADLINE_EXCEEDED");
        assertThat(agents.getFirst().requests()).isEmpty();
    }

    @Test
    void aModelThatIsNotThereIsAnsweredSo() throws Exception {
        handle(Optional.empty(), wire("r1", CHAT));

        assertThat(finals()).containsExactly("MODEL_NOT_FOUND");
    }

    @Test
    void aBodyThatIsWrongIsAnsweredSo() throws Exception {
        handle(Optional.empty(), wire("r1", "{\"model\":\"tiny\",\"prompt\":\"x\",\"max_tokens\":-1}"));

        assertThat(finals()).containsExactly("INVALID_REQUEST");
        assertThat(written.deadLetters).isEmpty();
    }

    @Test
    void anAgentThatDiesIsReplacedAndTheReaderIsTold() throws Exception {
        FakeAgent dying = new FakeAgent("a", 1, FakeAgent.hanging("one"));
        agents.add(dying);
        rig.deploy(dying);
        CompletableFuture<Void> run = later(wire("r1", CHAT));
        await().until(() -> written.responses.size() == 1);
        FakeAgent other = new FakeAgent("b", 1, FakeAgent.saying("uno"));
        agents.add(other);

        dying.close();
        rig.directory.put("default", "tiny", other.ref());

        run.join();
        assertThat(written.responses)
                .extracting(each -> header(each, "ce_attempt") + "/" + header(each, "ce_sequence"))
                .containsExactly("1/0", "2/0", "/");
        assertThat(data(written.responses.getLast())
                        .at("/payload/choices/0/message/content")
                        .asText())
                .isEqualTo("uno");
    }
}
