package dev.littoral.scheduler.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.protocol.events.ErrorCode;
import dev.littoral.scheduler.rig.FakeAgent;
import dev.littoral.scheduler.rig.RecordingSink;
import dev.littoral.scheduler.rig.Rig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A wall clock that is set while requests run: by a time server that came late, or by a hand. */
class JumpingClockTest {

    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Duration LATE = Duration.ofMinutes(10);

    private final Wall wall = new Wall();
    private final Rig rig = new Rig(wall);
    private final CountDownLatch go = new CountDownLatch(1);
    private final FakeAgent agent = new FakeAgent("a", 1, (request, call) -> {
        call.started(7);
        go.await();
        call.delta("x");
        call.finished(FinishReason.STOP);
    });

    /** Runs, and can be set. */
    private static final class Wall extends Clock {

        private final AtomicLong aheadHours = new AtomicLong();

        @Override
        public Instant instant() {
            return Instant.now().plus(Duration.ofHours(aheadHours.get()));
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @AfterEach
    void close() {
        go.countDown();
        rig.close();
        agent.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {-8760, -1, 1, 8760})
    void anAnswerThatRunsIsNotEndedByAJump(long hours) throws Exception {
        rig.deploy(agent);
        CompletableFuture<Outcome> outcome = answer(LATE, LATE);
        await().until(() -> agent.running() == 1);

        wall.aheadHours.set(hours);
        go.countDown();

        assertThat(outcome.get(1, TimeUnit.MINUTES)).isInstanceOf(Outcome.Answered.class);
    }

    @Test
    void aJumpForwardEndsNoWaitForASlot() throws Exception {
        rig.deploy(agent);
        CompletableFuture<Outcome> first = answer(LATE, LATE);
        await().until(() -> agent.running() == 1);
        CompletableFuture<Outcome> second = answer(LATE, LATE);
        await().until(() -> rig.slots.waiting() == 1);

        wall.aheadHours.set(24);

        await().during(Duration.ofMillis(300)).until(() -> rig.slots.waiting() == 1);
        go.countDown();
        assertThat(first.get(1, TimeUnit.MINUTES)).isInstanceOf(Outcome.Answered.class);
        assertThat(second.get(1, TimeUnit.MINUTES)).isInstanceOf(Outcome.Answered.class);
    }

    @Test
    void aJumpBackExtendsNoDeadlineOfAnAnswer() throws Exception {
        rig.deploy(agent);
        CompletableFuture<Outcome> outcome = answer(SOON, LATE);
        await().until(() -> agent.requests().size() == 1);

        wall.aheadHours.set(-24);

        assertRefused(outcome.get(1, TimeUnit.MINUTES), ErrorCode.DEADLINE_EXCEEDED);
    }

    @Test
    void aJumpBackExtendsNeitherDeadlineNorPatienceOfAWait() throws Exception {
        rig.deploy(agent);
        CompletableFuture<Outcome> first = answer(LATE, LATE);
        await().until(() -> agent.running() == 1);
        CompletableFuture<Outcome> hurried = answer(SOON, LATE);
        CompletableFuture<Outcome> impatient = answer(LATE, SOON);
        await().until(() -> rig.slots.waiting() == 2 || (hurried.isDone() && impatient.isDone()));

        wall.aheadHours.set(-24);

        assertRefused(hurried.get(1, TimeUnit.MINUTES), ErrorCode.DEADLINE_EXCEEDED);
        assertRefused(impatient.get(1, TimeUnit.MINUTES), ErrorCode.NO_CAPACITY);
        assertThat(first).isNotDone();
    }

    @Test
    void whoComesAfterTheJumpIsMeasuredByTheNewTime() throws Exception {
        rig.deploy(agent);
        wall.aheadHours.set(24);
        go.countDown();

        assertRefused(
                later(new Terms(Instant.now().plus(LATE), 0, LATE, true)).get(1, TimeUnit.MINUTES),
                ErrorCode.DEADLINE_EXCEEDED);
        assertThat(answer(LATE, LATE).get(1, TimeUnit.MINUTES)).isInstanceOf(Outcome.Answered.class);
    }

    @Test
    void anAgentIsToldHowMuchTimeIsLeftSinceItsClockMayBeAnother() throws Exception {
        rig.deploy(agent);
        wall.aheadHours.set(24);
        go.countDown();

        answer(LATE, LATE).get(1, TimeUnit.MINUTES);

        assertThat(agent.requests().getFirst().getTimeLeftMillis()).isBetween(1L, LATE.toMillis());
    }

    @ParameterizedTest
    @ValueSource(strings = {"+999999999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"})
    void aDeadlineThatIsFartherThanCanBeCountedIsServed(String deadline) throws Exception {
        rig.deploy(agent);
        go.countDown();

        assertThat(later(new Terms(Instant.parse(deadline), 0, LATE, true)).get(1, TimeUnit.MINUTES))
                .isInstanceOf(Outcome.Answered.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-999999999-01-01T00:00:00Z", "1970-01-01T00:00:00Z"})
    void aDeadlineOfZeroHasPassed(String deadline) throws Exception {
        rig.deploy(agent);

        assertRefused(
                later(new Terms(Instant.parse(deadline), 0, LATE, true)).get(1, TimeUnit.MINUTES),
                ErrorCode.DEADLINE_EXCEEDED);
        assertThat(agent.requests()).isEmpty();
    }

    private CompletableFuture<Outcome> answer(Duration deadline, Duration patience) {
        return later(new Terms(wall.instant().plus(deadline), 0, patience, true));
    }

    private CompletableFuture<Outcome> later(Terms terms) {
        RawRequest raw = new RawRequest("id", Dialect.EITHER, "{\"model\":\"tiny\",\"prompt\":\"hi\"}", terms);
        return CompletableFuture.supplyAsync(
                () -> rig.answering.answer(raw, new RecordingSink(false), new Cancellation()),
                task -> Thread.ofVirtual().start(task));
    }

    private static void assertRefused(Outcome outcome, ErrorCode code) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(code));
    }
}
