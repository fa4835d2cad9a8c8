package dev.littoral.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StageFootprintTest {

    private static final ModelShape SHAPE = new ModelShape(
            new ModelConfig("LlamaForCausalLM", 4, 96, 4, 2, 32, 200, 1000, 512, 1e-5, 10_000, false), 2, 0, 0);

    @Test
    void quantizedRowsTakeWholeBlocksAndAScaleEach() {
        // 96 columns are 3 blocks of 32, 200 are 7: 4 bits take 16 bytes a block and 4 for its scale
        assertThat(new MatrixShape(10, 96).bytes(4, 32)).isEqualTo(10 * 3 * (16 + 4));
        assertThat(new MatrixShape(10, 200).bytes(4, 32)).isEqualTo(10 * 7 * (16 + 4));
        assertThat(new MatrixShape(10, 200).bytes(8, 128)).isEqualTo(10 * 2 * (128 + 4));
        assertThat(new MatrixShape(10, 200).bytes(32, 128)).isEqualTo(10 * 200 * 4);
    }

    @Test
    void inMemoryScalesAreThereTwiceWithASumOfEachBlock() {
        assertThat(new MatrixShape(10, 96).residentBytes(4, 32)).isEqualTo(10 * 3 * (16 + 12));
        assertThat(new MatrixShape(10, 200).residentBytes(8, 128)).isEqualTo(10 * 2 * (128 + 12));
        assertThat(new MatrixShape(10, 200).residentBytes(32, 128)).isEqualTo(10 * 200 * 4);
    }

    @Test
    void theEdgesBelongToTheOuterStages() {
        long first = footprint(0, 8, 8).weightBytes();
        long middle = footprint(1, 8, 8).weightBytes();
        long last = footprint(2, 8, 8).weightBytes();
        // the embedding as stored in two bytes a number; the head in 3 blocks of 32 bytes a row, each with 12 more
        // bytes, and the
        // last norm
        assertThat(first - middle).isEqualTo(1000 * 96 * 2);
        assertThat(last - middle).isEqualTo(1000 * 3 * (32 + 12) + 96 * 4);
    }

    @Test
    void cacheGrowsWithContextSlotsAndLayers() {
        // keys and values, 2 heads of 32 numbers of 4 bytes, 2 layers, 512 positions, 3 slots
        assertThat(footprint(1, 8, 8).kvBytes()).isEqualTo(2L * 2 * 32 * 4 * 2 * 512 * 3);
        assertThat(footprint(1, 8, 8).totalBytes())
                .isGreaterThan(footprint(1, 4, 4).totalBytes());
    }

    private static StageFootprint footprint(int firstLayer, Integer... bits) {
        return StageFootprint.of(SHAPE, firstLayer, List.of(bits), 8, 32, 512, 3);
    }
}
