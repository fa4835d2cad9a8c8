package dev.littoral.scheduler.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.protocol.events.SchedulerTelemetry;
import dev.littoral.protocol.events.TelemetryReader;
import dev.littoral.protocol.events.WaitingTelemetry;
import dev.littoral.protocol.events.WaitingTelemetry.Waiting;
import dev.littoral.protocol.events.WaitingTelemetry.Waits;
import dev.littoral.scheduler.fleet.Fleet;
import dev.littoral.scheduler.peers.WaitingBoard;
import dev.littoral.scheduler.traffic.TrafficBoard;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TelemetryRecordsTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final TrafficBoard traffic = new TrafficBoard(() -> 0, Duration.ofSeconds(6));
    private final WaitingBoard waiting = new WaitingBoard("self", () -> 0, Duration.ofSeconds(1));
    private final TelemetryRecords records =
            new TelemetryRecords(new Fleet(() -> 0, Duration.ofSeconds(5), 1), traffic, waiting, meters);

    @Test
    void whatAnotherSchedulerTellsReachesTheBoards() {
        records.take(traffic("other"));
        records.take(waits("other"));

        assertThat(traffic.others("self")).isTrue();
        assertThat(traffic.others("other")).isFalse();
        assertThat(waiting.waiting("default/m")).hasSize(1);
        assertThat(meters.getMeters()).isEmpty();
    }

    @Test
    void whatCannotBeReadIsCountedAndLeftOut() {
        records.take("{".getBytes(UTF_8));
        records.take(new byte[100_000]);
        records.take("{\"version\":2,\"scheduler\":\"s\",\"waiting\":{}}".getBytes(UTF_8));
        records.take(new String(waits("other"), UTF_8).replace("[5,", "[-5,").getBytes(UTF_8));

        assertThat(dropped("Unreadable")).isEqualTo(4);
        assertThat(waiting.any()).isFalse();
    }

    @Test
    void aFloodOfSchedulersIsCountedAndBounded() {
        for (int n = 0; n < 40; n++) {
            records.take(traffic("fake-" + n));
            records.take(waits("fake-" + n));
        }

        assertThat(dropped("TooManySchedulers"))
                .isEqualTo(2 * 40 - TrafficBoard.MOST_SCHEDULERS - WaitingBoard.MOST_SCHEDULERS);
        assertThat(waiting.waiting()).isEqualTo(WaitingBoard.MOST_SCHEDULERS);
    }

    private double dropped(String reason) {
        return Optional.ofNullable(meters.find("littoral.scheduler.telemetry.dropped")
                        .tag("reason", reason)
                        .counter())
                .map(Counter::count)
                .orElse(0.0);
    }

    private static byte[] traffic(String scheduler) {
        return TelemetryReader.write(new SchedulerTelemetry(scheduler, Instant.EPOCH, Map.of()));
    }

    private static byte[] waits(String scheduler) {
        Waiting row = new Waiting(5, -1, 0, 10, 10, 10, 10, 0, 0, 1);
        return TelemetryReader.write(new WaitingTelemetry(scheduler, Map.of("default/m", new Waits(List.of(row), 0))));
    }
}
