package dev.littoral.scheduler.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LongRefusalTest {

    private final AtomicLong nanos = new AtomicLong();
    private final LongRefusal refusal = new LongRefusal(Duration.ofSeconds(30), nanos::get);

    @Test
    void whatIsRefusedForLongIsSaidOnce() {
        assertThat(refusal.refused()).isFalse();
        pass(30);
        assertThat(refusal.refused()).isFalse();
        pass(1);
        assertThat(refusal.refused()).isTrue();
        pass(100);
        assertThat(refusal.refused()).isFalse();
    }

    @Test
    void whatIsTakenInBetweenBeginsAnew() {
        assertThat(refusal.refused()).isFalse();
        pass(29);
        assertThat(refusal.taken()).isFalse();
        pass(29);
        assertThat(refusal.refused()).isFalse();
        pass(31);
        assertThat(refusal.refused()).isTrue();
        assertThat(refusal.taken()).isTrue();
        assertThat(refusal.refused()).isFalse();
    }

    private void pass(long seconds) {
        nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }
}
