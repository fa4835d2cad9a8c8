package dev.littoral.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.engine.onnx.Runs.Range;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunsTest {

    private final Runs runs = new Runs(2, 8);

    @Test
    void neighboursRunTogether() {
        assertThat(runs.cover(List.of(1, 2, 3), slot -> true)).containsExactly(new Range(1, 3));
    }

    @Test
    void aShortGapIsRunAlongAndALongOneIsNot() {
        // between 1 and 4 lie two, between 4 and 8 three
        assertThat(runs.cover(List.of(1, 4, 8), slot -> true)).containsExactly(new Range(1, 4), new Range(8, 1));
    }

    @Test
    void aSlotWithoutRoomIsNotRunAlong() {
        assertThat(runs.cover(List.of(0, 2), slot -> slot != 1)).containsExactly(new Range(0, 1), new Range(2, 1));
    }

    @Test
    void aRangeEndsWhereATensorDoes() {
        assertThat(runs.cover(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8), slot -> true))
                .containsExactly(new Range(0, 8), new Range(8, 1));
    }
}
