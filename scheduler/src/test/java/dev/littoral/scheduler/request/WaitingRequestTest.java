package dev.littoral.scheduler.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.protocol.events.ErrorCode;
import dev.littoral.scheduler.directory.AgentRef;
import dev.littoral.scheduler.rig.FakeAgent;
import dev.littoral.scheduler.rig.RecordingSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WaitingRequestTest extends PathRig {

    @Test
    void whoMayWaitWaitsUntilTheApiServerWasAsked() throws Exception {
        FakeAgent agent = agent("a", FakeAgent.saying("x"));
        rig.directory.known(false);
        CompletableFuture<Outcome> outcome = later(sink);
        await().during(Duration.ofMillis(300)).until(() -> !outcome.isDone());

        rig.deploy(agent);
        rig.directory.known(true);

        assertThat(outcome.get(1, TimeUnit.MINUTES)).isInstanceOf(Outcome.Answered.class);
    }

    @Test
    void whoMayNotWaitIsToldToAskAgainUntilTheApiServerWasAsked() {
        rig.directory.known(false);

        assertRefused(
                answer(sink, new Terms(inAMinute(), 0, Duration.ofSeconds(5), false)), ErrorCode.NO_CAPACITY, 503);
    }

    @Test
    void patienceWithTheApiServerEnds() {
        rig.directory.known(false);

        assertRefused(
                answer(sink, new Terms(inAMinute(), 0, Duration.ofMillis(200), true)), ErrorCode.NO_CAPACITY, 503);
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
        // the first question of a fresh process may take longer than an agent is given to answer
        rig.deploy(agent("earlier", FakeAgent.saying("x")));
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
}
