package dev.littoral.scheduler.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.protocol.events.ErrorCode;
import dev.littoral.scheduler.rig.FakeAgent;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RequestPathTest extends PathRig {

    @Test
    void anAnswerArrivesInPiecesAndWhole() {
        rig.deploy(agent("a", FakeAgent.saying("to", "day")));

        Outcome outcome = answer(sink, terms());

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Answered.class, answered -> {
            assertThat(answered.text()).isEqualTo("today");
            assertThat(answered.usage()).isEqualTo(new Usage(7, 2));
        });
        assertThat(sink.seen).containsExactly("<started>", "to", "day");
    }

    @Test
    void thePromptThatIsTooLongIsRefusedInTheAgentsWords() {
        rig.deploy(agent(
                "a",
                (request, call) -> call.fail(
                        Status.INVALID_ARGUMENT.withDescription("the prompt has 600 tokens, the context 512"),
                        "ContextExceeded")));

        assertThat(answer(sink, terms())).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.CONTEXT_EXCEEDED);
            assertThat(refused.message()).contains("600", "512");
        });
    }

    @Test
    void moreTokensThanTheContextHasAreRefusedWithBothLengths() {
        rig.deploy(agent("a", FakeAgent.saying("x")));
        String body = "{\"model\":\"tiny\",\"max_tokens\":513,\"prompt\":\"x\"}";

        Outcome outcome =
                rig.answering.answer(new RawRequest("r", Dialect.COMPLETIONS, body, terms()), sink, cancellation);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.message()).contains("513", "512"));
    }

    @Test
    void aDeadlineInThePastIsNotWaitedFor() {
        FakeAgent agent = agent("a", FakeAgent.saying("x"));
        rig.deploy(agent);

        assertRefused(
                answer(sink, new Terms(Instant.EPOCH, 0, Duration.ofSeconds(5), true)),
                ErrorCode.DEADLINE_EXCEEDED,
                504);
        assertThat(agent.requests()).isEmpty();
    }

    @Test
    void aDeadlineThatPassesFreesTheSlot() {
        FakeAgent agent = agent("a", FakeAgent.hanging("x"));
        rig.deploy(agent);
        Terms terms = new Terms(Instant.now().plusMillis(300), 0, Duration.ofSeconds(5), true);

        assertRefused(answer(sink, terms), ErrorCode.DEADLINE_EXCEEDED, 504);
        await().until(() -> agent.running() == 0);
    }

    @Test
    void aDeadlineThatTheAgentSaysHasPassedEndsTheRequest() {
        rig.deploy(agent("a", (request, call) -> {
            call.started(7);
            call.finished(FinishReason.DEADLINE);
        }));

        assertRefused(answer(sink, terms()), ErrorCode.DEADLINE_EXCEEDED, 504);
    }

    @Test
    void cancellingFreesTheSlotAtOnce() {
        FakeAgent agent = agent("a", FakeAgent.hanging("x"));
        rig.deploy(agent);
        CompletableFuture<Outcome> outcome = later(sink);
        await().until(() -> sink.seen.contains("x"));

        cancellation.cancel();

        assertRefused(outcome.join(), ErrorCode.CANCELLED, 499);
        await().atMost(Duration.ofSeconds(2)).until(() -> agent.cancelled() == 1);
    }

    @Test
    void twoIdleAgentsShareTwoRequests() {
        FakeAgent a = agent("a", FakeAgent.hanging("x"));
        FakeAgent b = agent("b", FakeAgent.hanging("x"));
        rig.deploy(a, b);

        var first = later("one", 0);
        var second = later("two", 0);

        await().until(() -> a.running() == 1 && b.running() == 1);
        assertThat(first.isDone() || second.isDone()).isFalse();
        a.close();
        b.close();
    }

    @Test
    void theFasterAgentIsPreferred() {
        FakeAgent slow = agent("a", FakeAgent.saying("slow"));
        slow.decodeTokensPerSecond(10);
        FakeAgent fast = agent("b", FakeAgent.saying("fast"));
        rig.deploy(slow, fast);

        assertThat(answer(sink, terms()))
                .isInstanceOfSatisfying(
                        Outcome.Answered.class,
                        answered -> assertThat(answered.text()).isEqualTo("fast"));
    }
}
