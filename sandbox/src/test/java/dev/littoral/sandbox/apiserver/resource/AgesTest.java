package dev.littoral.sandbox.apiserver.resource;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgesTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0s",
        "119, 119s",
        "120, 2m",
        "121, 2m1s",
        "599, 9m59s",
        "600, 10m",
        "659, 10m",
        "10799, 179m",
        "10800, 3h",
        "10860, 3h1m",
        "28799, 7h59m",
        "28800, 8h",
        "172799, 47h",
        "172800, 2d",
        "176400, 2d1h",
        "691199, 7d23h",
        "691200, 8d",
        "63071999, 729d",
        "63072000, 2y",
        "63158400, 2y1d",
        "252288000, 8y"
    })
    void anAgeHasAsManyUnitsAsMatter(long seconds, String age) {
        assertThat(Ages.of(Duration.ofSeconds(seconds))).isEqualTo(age);
    }

    @Test
    void whatIsNoTimeHasNoAge() {
        assertThat(Ages.since("", Instant.EPOCH)).isEqualTo("<unknown>");
        assertThat(Ages.since("yesterday", Instant.EPOCH)).isEqualTo("<invalid>");
        assertThat(Ages.since("2026-11-21T00:00:00Z", Instant.EPOCH)).isEqualTo("<invalid>");
    }
}
