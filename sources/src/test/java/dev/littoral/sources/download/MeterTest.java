package dev.littoral.sources.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.littoral.sources.Transfer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeterTest {

    private final List<Transfer> heard = new ArrayList<>();
    private long nowNanos = 5;
    private final Meter meter = new Meter(heard::add, "x", 1000, 10_000, () -> nowNanos);

    @Test
    void whatWasHereDoesNotCountForTheRate() {
        pass(500);
        meter.add(50);
        meter.tell();

        // 50 bytes in half a second
        assertThat(heard.getFirst()).isEqualTo(new Transfer("x", 1000, 10_000, 0));
        assertThat(heard.getLast().doneBytes()).isEqualTo(1050);
        assertThat(heard.getLast().bytesPerSecond()).isCloseTo(100, within(1e-9));
    }

    @Test
    void itTellsOnceASecond() {
        for (int i = 0; i < 40; i++) {
            pass(100);
            meter.add(10);
        }

        // at the beginning, and after 1, 2, 3 and 4 s
        assertThat(heard).hasSize(5);
        assertThat(heard.getLast()).isEqualTo(new Transfer("x", 1400, 10_000, 100));
        // (10,000 - 1400) / 100 = 86 s
        assertThat(heard.getLast().remaining()).contains(Duration.ofSeconds(86));
    }

    @Test
    void theRateIsThatOfTheLastTenSeconds() {
        for (int i = 0; i < 30; i++) {
            pass(1000);
            meter.add(i < 15 ? 0 : 20);
        }

        // 15 seconds of nothing are past
        assertThat(heard.getLast().bytesPerSecond()).isCloseTo(20, within(1e-9));
    }

    @Test
    void whatHasToComeAgainIsTakenBack() {
        pass(1000);
        meter.add(500);
        pass(1000);
        meter.add(-500);

        assertThat(heard.getLast()).isEqualTo(new Transfer("x", 1000, 10_000, 0));
        meter.add(-200);
        meter.tell();
        // nothing comes backwards
        assertThat(heard.getLast()).isEqualTo(new Transfer("x", 800, 10_000, 0));
    }

    private void pass(long millis) {
        nowNanos += millis * 1_000_000;
    }
}
