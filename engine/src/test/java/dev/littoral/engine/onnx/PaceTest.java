package dev.littoral.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final long MILLI = 1_000_000;
    private final Pace pace = new Pace(Duration.ofMillis(100), 128);

    @Test
    void aPromptThatHoldsUpNobodyRunsInTheLargestPieces() {
        pace.promptRan(128, 1000 * MILLI);
        assertThat(pace.promptRows(false)).isEqualTo(128);
    }

    @Test
    void besideDecodingSequencesAPieceTakesTheBoundAtMost() {
        // 256 ms for 128 rows are 2 ms a row: 50 rows take 100 ms
        pace.promptRan(128, 256 * MILLI);
        assertThat(pace.promptRows(true)).isEqualTo(50);
    }

    @Test
    void howeverLongAgoTheyDecodedAPieceTakesTheBoundAtMost() {
        pace.decodeRan(10 * MILLI);
        // 10 ms a row
        pace.promptRan(128, 1280 * MILLI);
        assertThat(pace.promptRows(true)).isEqualTo(10);
    }

    @Test
    void beforeAnythingIsMeasuredAPieceHasTheLeastRows() {
        assertThat(pace.promptRows(true)).isEqualTo(Pace.LEAST_ROWS);
    }

    @Test
    void slowerRowsCountAtOnceAndQuickerOnesByAndBy() {
        pace.promptRan(10, 20 * MILLI);
        pace.promptRan(10, 40 * MILLI);
        // 4 ms a row
        assertThat(pace.promptRows(true)).isEqualTo(25);
        pace.promptRan(10, 20 * MILLI);
        // 0.75 * 4 + 0.25 * 2 = 3.5 ms a row
        assertThat(pace.promptRows(true)).isEqualTo(28);
    }

    @Test
    void aPieceHasSomeRowsHoweverSlow() {
        pace.promptRan(1, 1000 * MILLI);
        assertThat(pace.promptRows(true)).isEqualTo(Pace.LEAST_ROWS);
    }

    @Test
    void waitingForOthersTakesHalfAStepAtMost() {
        pace.decodeRan(10 * MILLI);
        assertThat(pace.gatherNanos()).isEqualTo(5 * MILLI);
    }
}
