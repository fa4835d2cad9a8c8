package dev.littoral.scheduler.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.littoral.protocol.events.SchedulerTelemetry.Traffic;
import dev.littoral.scheduler.directory.AgentRef;
import dev.littoral.scheduler.directory.Deployment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrafficMeterTest {

    private static final Deployment TWO_REPLICAS = new Deployment(
            "default", "m", Instant.EPOCH, List.of(new AgentRef("a", "127.0.0.1:1"), new AgentRef("b", "127.0.0.1:2")));
    private static final Deployment OTHER =
            new Deployment("edge", "m", Instant.EPOCH, List.of(new AgentRef("c", "127.0.0.1:3")));

    private long now = 1_000_000_000_000L;
    private final TrafficMeter meter = new TrafficMeter(() -> now, Duration.ofSeconds(10));

    @Test
    void tokensOfAllReplicasOfADeploymentCountAndNoOthers() {
        meter.generated("127.0.0.1:1", 20);
        meter.generated("127.0.0.1:2", 30);
        meter.generated("127.0.0.1:3", 7);

        // (20 + 30) / 10 s and 7 / 10 s
        assertThat(meter.read(List.of(TWO_REPLICAS, OTHER), Map.of("edge/m", 4)))
                .isEqualTo(Map.of("default/m", new Traffic(5, 0), "edge/m", new Traffic(0.7, 4)));
    }

    @Test
    void whatLiesBeforeTheWindowIsForgotten() {
        meter.generated("127.0.0.1:1", 20);
        seconds(9);
        assertThat(rate()).isEqualTo(2);

        seconds(1);

        assertThat(rate()).isZero();
    }

    @Test
    void aDeploymentThatNobodyAsksIsAtZero() {
        assertThat(meter.read(List.of(OTHER), Map.of())).isEqualTo(Map.of("edge/m", new Traffic(0, 0)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aSteadyFlowIsReadAsItIs(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int perSecond = random.nextInt(1, 500);
        for (int second = 0; second < 20 + random.nextInt(100); second++) {
            meter.generated("127.0.0.1:1", perSecond);
            seconds(1);
        }

        // the slice that has just begun holds nothing yet
        assertThat(rate()).isCloseTo(perSecond, within(0.1 * perSecond + 1e-9));
    }

    private double rate() {
        return Objects.requireNonNull(
                        meter.read(List.of(TWO_REPLICAS), Map.of()).get("default/m"))
                .tokensPerSecond();
    }

    private void seconds(int count) {
        now += count * 1_000_000_000L;
    }
}
