package dev.littoral.scheduler.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.protocol.events.ErrorCode;
import dev.littoral.scheduler.rig.FakeAgent;
import dev.littoral.scheduler.rig.RecordingSink;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class SecondAttemptTest extends PathRig {

    @Test
    void anAgentThatDiesIsContinuedByAnotherWithoutAWordTwice() {
        FakeAgent dying = agent("a", FakeAgent.hanging("one ", "two "));
        rig.deploy(dying);
        CompletableFuture<Outcome> outcome = later(sink);
        await().until(() -> sink.seen.contains("two "));
        FakeAgent other = agent("b", FakeAgent.saying("one", " two", " three"));

        dying.close();
        rig.directory.put("default", "tiny", other.ref());

        assertThat(outcome.join())
                .isInstanceOfSatisfying(
                        Outcome.Answered.class,
                        answered -> assertThat(answered.text()).isEqualTo("one two three"));
        assertThat(String.join("", sink.seen)).isEqualTo("<started>one two three");
    }

    @Test
    void theSecondAttemptHasTheSeedOfTheFirst() {
        FakeAgent dying = agent("a", FakeAgent.hanging("x"));
        rig.deploy(dying);
        CompletableFuture<Outcome> outcome = later(sink);
        await().until(() -> sink.seen.contains("x"));
        FakeAgent other = agent("b", FakeAgent.saying("x"));

        dying.close();
        rig.directory.put("default", "tiny", other.ref());
        outcome.join();

        assertThat(other.requests().getFirst().getSampling())
                .isEqualTo(dying.requests().getFirst().getSampling());
    }

    @Test
    void aSecondAnswerThatDiffersEndsAStream() {
        FakeAgent dying = agent("a", FakeAgent.hanging("one "));
        rig.deploy(dying);
        CompletableFuture<Outcome> outcome = later(sink);
        await().until(() -> sink.seen.contains("one "));
        FakeAgent other = agent("b", FakeAgent.saying("uno"));

        dying.close();
        rig.directory.put("default", "tiny", other.ref());

        assertRefused(outcome.join(), ErrorCode.AGENT_LOST, 502);
        assertThat(sink.seen).containsExactly("<started>", "one ");
    }

    @Test
    void aSecondAnswerThatDiffersReplacesTheFirstWhereThatCanBeSaid() {
        RecordingSink restartable = new RecordingSink(true);
        FakeAgent dying = agent("a", FakeAgent.hanging("one "));
        rig.deploy(dying);
        CompletableFuture<Outcome> outcome = later(restartable);
        await().until(() -> restartable.seen.contains("one "));
        FakeAgent other = agent("b", FakeAgent.saying("u", "no"));

        dying.close();
        rig.directory.put("default", "tiny", other.ref());

        assertThat(outcome.join())
                .isInstanceOfSatisfying(
                        Outcome.Answered.class,
                        answered -> assertThat(answered.text()).isEqualTo("uno"));
        assertThat(restartable.seen).containsExactly("<started>", "one ", "<restart 2>", "u", "no");
    }

    @Test
    void aThirdAttemptIsNotMade() {
        FakeAgent.Script dies = (request, call) -> {
            call.started(7);
            call.fail(Status.UNAVAILABLE, "NextStageLost");
        };
        FakeAgent agent = agent("a", dies);
        rig.deploy(agent);

        assertRefused(answer(sink, terms()), ErrorCode.AGENT_LOST, 502);
        assertThat(agent.requests()).hasSize(2);
    }

    @Test
    void anAgentWithoutASlotIsAskedAgain() {
        AtomicBoolean first = new AtomicBoolean(true);
        FakeAgent agent = agent("a", (request, call) -> {
            if (first.getAndSet(false)) {
                call.fail(Status.RESOURCE_EXHAUSTED, "NoFreeSlot");
            } else {
                FakeAgent.saying("x").answer(request, call);
            }
        });
        rig.deploy(agent);

        assertThat(answer(sink, terms())).isInstanceOf(Outcome.Answered.class);
        assertThat(agent.requests()).hasSize(2);
    }
}
