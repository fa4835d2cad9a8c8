package dev.littoral.scheduler.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.protocol.events.SchedulerTelemetry;
import dev.littoral.protocol.events.SchedulerTelemetry.Traffic;
import dev.littoral.scheduler.rig.FakeDirectory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrafficLoopTest {

    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Traffic IDLE = new Traffic(0, 0);

    private final FakeDirectory directory = new FakeDirectory();
    private final List<SchedulerTelemetry> told = new ArrayList<>();
    private final List<Traffic> written = new ArrayList<>();
    private long now;
    private boolean apiServerAway;
    private Traffic own = IDLE;
    private final TrafficBoard board = new TrafficBoard(() -> now, Duration.ofSeconds(6));
    private final TrafficLoop loop = new TrafficLoop(
            "m",
            directory,
            () -> Map.of("default/tiny", own),
            board,
            told::add,
            (deployment, traffic) -> !apiServerAway && written.add(traffic),
            CLOCK,
            Duration.ofSeconds(2));

    @BeforeEach
    void deploy() {
        directory.put("default", "tiny");
    }

    @Test
    void onlyWhatChangesNoticeablyIsWritten() {
        round(IDLE);
        round(IDLE);
        round(new Traffic(100, 0));
        round(new Traffic(104, 0));
        round(new Traffic(106, 0));
        round(new Traffic(106, 1));
        round(new Traffic(0.01, 0));
        round(IDLE);

        // 104 is within 5 % of the 100 that stand there
        assertThat(written)
                .containsExactly(
                        IDLE,
                        new Traffic(100, 0),
                        new Traffic(106, 0),
                        new Traffic(106, 1),
                        new Traffic(0.01, 0),
                        IDLE);
    }

    @Test
    void theSumOverAllSchedulersIsWritten() {
        board.heard(says("z", new Traffic(30, 2)));

        round(new Traffic(12, 1));

        assertThat(written).containsExactly(new Traffic(42, 3));
    }

    @Test
    void ofSeveralSchedulersOneWrites() {
        board.heard(says("a", IDLE));

        round(new Traffic(12, 1));

        assertThat(written).isEmpty();
        assertThat(told).containsExactly(says("m", new Traffic(12, 1)));
    }

    @Test
    void theNextOneWritesWhenTheWriterIsSilent() {
        board.heard(says("a", new Traffic(30, 0)));
        round(new Traffic(12, 0));

        now += Duration.ofSeconds(7).toNanos();
        round(new Traffic(12, 0));

        assertThat(written).containsExactly(new Traffic(12, 0));
    }

    @Test
    void ownTrafficCountsHoweverManyOthersSpeak() {
        for (int n = 0; n < TrafficBoard.MOST_SCHEDULERS; n++) {
            assertThat(board.heard(says("z" + n, new Traffic(1, 0)))).isTrue();
        }

        round(new Traffic(12, 1));

        assertThat(written).containsExactly(new Traffic(12 + TrafficBoard.MOST_SCHEDULERS, 1));
        assertThat(board.heard(says("late", IDLE))).isFalse();
    }

    @Test
    void whatTheApiServerDidNotTakeIsWrittenNextTime() {
        apiServerAway = true;
        round(new Traffic(12, 0));
        apiServerAway = false;

        round(new Traffic(12, 0));

        assertThat(written).containsExactly(new Traffic(12, 0));
    }

    @Test
    void aWriteThatHangsKeepsNobodyFromHearingOfThisScheduler() {
        CountDownLatch done = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger reports = new AtomicInteger();
        try (TrafficLoop hanging = new TrafficLoop(
                "m",
                directory,
                () -> Map.of("default/tiny", IDLE),
                board,
                telemetry -> reports.incrementAndGet(),
                (deployment, traffic) -> {
                    asked.incrementAndGet();
                    return hangs(done);
                },
                CLOCK,
                Duration.ofMillis(1))) {
            hanging.start();
            await().atMost(LONG).until(() -> asked.get() == 1);
            int before = reports.get();

            await().atMost(LONG).until(() -> reports.get() >= before + 10);

            assertThat(asked).hasValue(1);
            done.countDown();
        }
    }

    @Test
    void whoHasNotSpokenYetDoesNotWriteForAll() {
        loop.write();

        assertThat(board.writes("m")).isFalse();
        assertThat(written).isEmpty();
    }

    private static boolean hangs(CountDownLatch until) {
        try {
            until.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private void round(Traffic traffic) {
        own = traffic;
        loop.tell();
        loop.write();
    }

    private static SchedulerTelemetry says(String scheduler, Traffic traffic) {
        return new SchedulerTelemetry(scheduler, CLOCK.instant(), Map.of("default/tiny", traffic));
    }
}
