package dev.littoral.scheduler.kafka;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaStagesTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 513})
    void requestsInFlightAreBounded(int inFlight) {
        assertThatThrownBy(() -> KafkaStages.check(inFlight, 10_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("littoral.kafka.max-in-flight");
    }

    @Test
    void moreInFlightThanMayWaitIsRefusedWithItsCure() {
        assertThatThrownBy(() -> KafkaStages.check(400, 256))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("littoral.scheduler.max-waiting (256)")
                .hasMessageContaining("lower the first or raise the second");
    }

    @Test
    void theDefaultsAreSound() {
        assertThatCode(() -> KafkaStages.check(128, 256)).doesNotThrowAnyException();
    }
}
