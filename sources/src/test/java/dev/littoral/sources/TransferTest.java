package dev.littoral.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransferTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // 2,800,000,000 / 35,000,000 = 80 s
                "1200000000 | 4000000000 | 35e6 | x: 1.2 GB of 4.0 GB, 35.0 MB/s, 1 min 20 s left",
                // 1000 / 300 = 3.3, so 4 s
                "0 | 1000 | 300 | x: 0 B of 1.0 kB, 300 B/s, 4 s left",
                // 3,600,000 / 1000 = 3600 s
                "400000 | 4000000 | 1000 | x: 400.0 kB of 4.0 MB, 1.0 kB/s, 1 h 0 min left",
                "399000 | 4000000 | 1000 | x: 399.0 kB of 4.0 MB, 1.0 kB/s, 1 h 0 min left",
                // 3,599,000 / 1000 = 3599 s
                "401000 | 4000000 | 1000 | x: 401.0 kB of 4.0 MB, 1.0 kB/s, 59 min 59 s left",
                // 2e12 / 1e8 = 20,000 s = 5 h 33 min 20 s
                "0 | 2000000000000 | 1e8 | x: 0 B of 2.0 TB, 100.0 MB/s, 5 h 33 min left",
                "500 | 1000 | 0 | x: 500 B of 1.0 kB",
                "1000 | 1000 | 10 | x: 1.0 kB of 1.0 kB, 10 B/s",
                "0 | 0 | 0 | x",
            })
    void aTransferIsToldInWords(long done, long total, double rate, String words) {
        assertThat(new Transfer("x", done, total, rate).words()).isEqualTo(words);
    }

    @Test
    void whatIsLeftIsTheRestAtThePresentRateRoundedUp() {
        // (1000 - 100) / 400 = 2.25
        assertThat(new Transfer("x", 100, 1000, 400).remaining()).contains(Duration.ofSeconds(3));
        assertThat(new Transfer("x", 1000, 1000, 400).remaining()).contains(Duration.ZERO);
        assertThat(new Transfer("x", 100, 1000, 0).remaining()).isEmpty();
    }
}
