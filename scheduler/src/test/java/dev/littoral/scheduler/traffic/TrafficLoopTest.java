package dev.littoral.scheduler.traffic;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrafficLoopTest {

    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
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

    private void round(Traffic traffic) {
        own = traffic;
        loop.once();
    }

    private static SchedulerTelemetry says(String scheduler, Traffic traffic) {
        return new SchedulerTelemetry(scheduler, CLOCK.instant(), Map.of("default/tiny", traffic));
    }
}
