package dev.littoral.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.littoral.algorithms.offloading.Iodcc;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlotPolicyTest {

    @Test
    void withoutSettingsEveryEventIsASlotThatIodccSolvesAsItWasMeasuredBest() {
        assertThat(SlotPolicy.of(settings(Map.of()))).isEqualTo(new SlotPolicy(Duration.ZERO, Iodcc.standard()));
    }

    @Test
    void everySettingIsTaken() {
        SlotPolicy policy = SlotPolicy.of(settings(Map.of(
                "littoral.scheduler.slot", "20ms",
                "littoral.scheduler.iodcc-damping", "0.5",
                "littoral.scheduler.iodcc-rounds", "50")));

        assertThat(policy.length()).isEqualTo(Duration.ofMillis(20));
        assertThat(policy.iodcc().damping()).isEqualTo(0.5);
        assertThat(policy.iodcc().rounds()).isEqualTo(50);
    }

    @ParameterizedTest
    @CsvSource({
        "slot, -1ms, must be 0 to 1s",
        "slot, 1001ms, must be 0 to 1s",
        "iodcc-damping, 0, must lie above 0 and not above 1",
        "iodcc-damping, 1.01, must lie above 0 and not above 1",
        "iodcc-damping, NaN, must lie above 0 and not above 1",
        "iodcc-rounds, 0, must be 1 to 1000",
        "iodcc-rounds, 1001, must be 1 to 1000"
    })
    void whatIsOutOfItsBoundsIsRefusedByItsNameWithWhatItMayBe(String setting, String value, String bounds) {
        SchedulerSettings settings = settings(Map.of("littoral.scheduler." + setting, value));

        assertThatThrownBy(() -> SlotPolicy.of(settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("littoral.scheduler." + setting + " " + bounds);
    }

    private static SchedulerSettings settings(Map<String, String> set) {
        return new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withSources(new PropertiesConfigSource(set, "test", 100))
                .withMapping(SchedulerSettings.class)
                .build()
                .getConfigMapping(SchedulerSettings.class);
    }
}
