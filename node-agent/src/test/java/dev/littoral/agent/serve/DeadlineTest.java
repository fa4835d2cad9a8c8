package dev.littoral.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.protocol.agent.v1.GenerateRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlineTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @ParameterizedTest
    @ValueSource(longs = {-8760, -1, 0, 1, 8760})
    void theTimeThatIsLeftCountsHoweverWrongTheClockIs(long hoursAhead) {
        Clock wrong = Clock.fixed(NOW.plus(Duration.ofHours(hoursAhead)), ZoneOffset.UTC);

        Deadline deadline = Deadline.of(request(MINUTE.toMillis()), wrong);

        assertThat(deadline.passed()).isFalse();
        assertThat(deadline.remainingNanos()).isLessThanOrEqualTo(MINUTE.toNanos());
    }

    @Test
    void whereNobodySaysWhatIsLeftTheDeadlineIsReadByTheClock() {
        assertThat(Deadline.of(request(0), Clock.fixed(NOW, ZoneOffset.UTC)).passed())
                .isFalse();
        assertThat(Deadline.of(request(0), Clock.fixed(NOW.plus(MINUTE), ZoneOffset.UTC))
                        .passed())
                .isTrue();
        assertThat(Deadline.of(request(-5), Clock.fixed(NOW.plus(MINUTE), ZoneOffset.UTC))
                        .passed())
                .isTrue();
    }

    @Test
    void noTimeIsTooLong() {
        assertThat(Deadline.of(request(Long.MAX_VALUE), Clock.systemUTC()).passed())
                .isFalse();
    }

    private static GenerateRequest request(long timeLeftMillis) {
        return GenerateRequest.newBuilder()
                .setDeadlineEpochMillis(NOW.plus(MINUTE).toEpochMilli())
                .setTimeLeftMillis(timeLeftMillis)
                .build();
    }
}
