package dev.littoral.scheduler.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.protocol.events.ErrorCode;
import dev.littoral.scheduler.directory.AgentRef;
import dev.littoral.scheduler.rig.FakeAgent;
import dev.littoral.scheduler.rig.RecordingSink;
import dev.littoral.scheduler.rig.Rig;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestPathTest {

    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    private final Rig rig = new Rig();
    private final List<FakeAgent> agents = new ArrayList<>();
    private final RecordingSink sink = new RecordingSink(false);
    private final Cancellation cancellation = new Cancellation();

    @AfterEach
    void close() {
        rig.close();
        agents.forEach(FakeAgent::close);
    }

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
    void withoutAReplicaTheAnswerIsNotNow() {
        rig.directory.put("default", "tiny");

        Outcome outcome = answer(sink, new Terms(inAMinute(), 0, Duration.ofSeconds(5), false));

        assertRefused(outcome, ErrorCode.NO_CAPACITY, 503);
        assertThat(((Outcome.Refused) outcome).retryAfter()).isPresent();
    }

    @Test
    void aReplicaOfWhichNothingWasHeardYetIsWaitedFor() {
        rig.directory.put("default", "tiny", agent("a", FakeAgent.saying("x")).ref());

        Outcome outcome = answer(sink, new Terms(inAMinute(), 0, Duration.ofSeconds(5), false));

        assertThat(outcome).isInstanceOf(Outcome.Answered.class);
    }

    @Test
    void aReplicaThatDoesNotAnswerIsNotWaitedForLong() {
        FakeAgent dead = agent("a", FakeAgent.saying("x"));
        AgentRef address = dead.ref();
        dead.close();
        rig.directory.put("default", "tiny", address);

        Outcome outcome = answer(sink, new Terms(inAMinute(), 0, Duration.ofSeconds(20), false));

        assertThat(((Outcome.Refused) outcome).message()).contains("no replica");
    }

    @Test
    void aRequestThatMayWaitIsServedWhenAReplicaComes() {
        rig.directory.put("default", "tiny");
        CompletableFuture<Outcome> outcome = later(sink);
        await().until(() -> rig.slots.waiting() == 1);

        rig.deploy(agent("a", FakeAgent.saying("x")));

        assertThat(outcome.join()).isInstanceOf(Outcome.Answered.class);
    }

    @Test
    void patienceEnds() {
        rig.deploy(agent("a", FakeAgent.hanging("x")));
        CompletableFuture<Outcome> first = later(sink);
        await().until(() -> sink.seen.contains("x"));

        Outcome second = answer(new RecordingSink(false), new Terms(inAMinute(), 0, Duration.ofMillis(200), true));

        assertRefused(second, ErrorCode.NO_CAPACITY, 503);
        cancellation.cancel();
        assertRefused(first.join(), ErrorCode.CANCELLED, 499);
    }

    @Test
    void aFullQueueTakesNoMore() {
        rig.directory.put("default", "tiny");
        List<CompletableFuture<Outcome>> waiting = new ArrayList<>();
        for (int each = 0; each < 4; each++) {
            waiting.add(later(new RecordingSink(false)));
        }
        await().until(() -> rig.slots.waiting() == 4);

        assertRefused(answer(sink, terms()), ErrorCode.NO_CAPACITY, 429);

        rig.deploy(agent("a", FakeAgent.saying("x")));
        waiting.forEach(each -> assertThat(each.join()).isInstanceOf(Outcome.Answered.class));
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
    void cancellingEndsTheWaitForASlot() {
        rig.directory.put("default", "tiny");
        CompletableFuture<Outcome> outcome = later(sink);
        await().until(() -> rig.slots.waiting() == 1);

        cancellation.cancel();

        assertRefused(outcome.join(), ErrorCode.CANCELLED, 499);
        assertThat(rig.slots.waiting()).isZero();
    }

    @Test
    void theMoreImportantRequestGoesFirst() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        List<String> order = new java.util.concurrent.CopyOnWriteArrayList<>();
        FakeAgent agent = agent("a", (request, call) -> {
            order.add(request.getId());
            release.await();
            FakeAgent.saying("x").answer(request, call);
        });
        rig.deploy(agent);
        List<CompletableFuture<Outcome>> all = new ArrayList<>();
        all.add(later("first", 0));
        await().until(() -> order.size() == 1);
        all.add(later("low", -5));
        await().until(() -> rig.slots.waiting() == 1);
        all.add(later("high", 5));
        await().until(() -> rig.slots.waiting() == 2);

        release.countDown();

        all.forEach(CompletableFuture::join);
        assertThat(order).containsExactly("first", "high", "low");
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

    private FakeAgent agent(String pod, FakeAgent.Script script) {
        FakeAgent agent = new FakeAgent(pod, 1, script);
        agents.add(agent);
        return agent;
    }

    private CompletableFuture<Outcome> later(AnswerSink reader) {
        return CompletableFuture.supplyAsync(() -> answer(reader, terms()), THREADS);
    }

    private CompletableFuture<Outcome> later(String id, int priority) {
        Terms terms = new Terms(inAMinute(), priority, Duration.ofSeconds(30), true);
        RawRequest raw = new RawRequest(id, Dialect.COMPLETIONS, "{\"model\":\"tiny\",\"prompt\":\"x\"}", terms);
        return CompletableFuture.supplyAsync(
                () -> rig.answering.answer(raw, new RecordingSink(false), new Cancellation()), THREADS);
    }

    private Outcome answer(AnswerSink reader, Terms terms) {
        String body = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        Cancellation own = reader == sink ? cancellation : new Cancellation();
        return rig.answering.answer(new RawRequest("r1", Dialect.CHAT, body, terms), reader, own);
    }

    private static Terms terms() {
        return new Terms(inAMinute(), 0, Duration.ofSeconds(30), true);
    }

    private static Instant inAMinute() {
        return Instant.now().plusSeconds(60);
    }

    private static void assertRefused(Outcome outcome, ErrorCode code, int status) {
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(code);
            assertThat(refused.statusCode()).isEqualTo(status);
        });
    }
}
