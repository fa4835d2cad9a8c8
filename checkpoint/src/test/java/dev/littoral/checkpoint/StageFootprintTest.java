package dev.littoral.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StageFootprintTest {

    private static final ModelShape SHAPE = new ModelShape(
            new ModelConfig("LlamaForCausalLM", 4, 96, 4, 2, 32, 200, 1000, 512, 1e-5, 10_000, false), 2, 0, 0);

    @Test
    void quantizedRowsTakeWholeBlocksAndAScaleEach() {
        // 96 columns are 3 blocks of 32, 200 are 7: 4 bits take 16 bytes a block and 4 for its scale
        assertThat(new MatrixShape(10, 96).bytes(4, new Blocks(32, true))).isEqualTo(10 * 3 * (16 + 4));
        assertThat(new MatrixShape(10, 200).bytes(4, new Blocks(32, true))).isEqualTo(10 * 7 * (16 + 4));
        assertThat(new MatrixShape(10, 200).bytes(8, new Blocks(128, true))).isEqualTo(10 * 2 * (128 + 4));
        assertThat(new MatrixShape(10, 200).bytes(32, new Blocks(128, true))).isEqualTo(10 * 200 * 4);
    }

    @Test
    void inMemoryScalesAreThereTwiceWithASumOfEachBlock() {
        assertThat(new MatrixShape(10, 96).residentBytes(4, new Blocks(32, true)))
                .isEqualTo(10 * 3 * (16 + 12));
        assertThat(new MatrixShape(10, 200).residentBytes(8, new Blocks(128, true)))
                .isEqualTo(10 * 2 * (128 + 12));
        assertThat(new MatrixShape(10, 200).residentBytes(32, new Blocks(128, true)))
                .isEqualTo(10 * 200 * 4);
    }

    @Test
    void asymmetricRowsTakeZeroPointsOnBytesOfTheirOwn() {
        // 200 columns are 7 blocks of 32: 7 zero points of 4 bits take 4 bytes a row, of 2 bits 2, of 8 bits 7
        Blocks blocks = new Blocks(32, false);
        assertThat(new MatrixShape(10, 200).bytes(4, blocks)).isEqualTo(10 * 7 * (16 + 4) + 10 * 4);
        assertThat(new MatrixShape(10, 200).bytes(2, blocks)).isEqualTo(10 * 7 * (8 + 4) + 10 * 2);
        assertThat(new MatrixShape(10, 200).bytes(8, blocks)).isEqualTo(10 * 7 * (32 + 4) + 10 * 7);
    }

    @Test
    void sixteenBitsHalveTheDiskOnly() {
        Blocks blocks = new Blocks(32, true);
        assertThat(new MatrixShape(10, 200).bytes(16, blocks)).isEqualTo(10 * 200 * 2);
        assertThat(new MatrixShape(10, 200).residentBytes(16, blocks)).isEqualTo(10 * 200 * 4);
    }

    @Test
    void theGroupsOfALayerHaveWidthsOfTheirOwn() {
        Blocks blocks = new Blocks(32, true);
        // q, k, v, o of 256 rows in 3 or 4 blocks; gate, up of 400 rows in 3 and down of 96 in 7; norms of 2 * 96
        long attention = (128 + 64 + 64) * 3 * (32 + 4) + 96 * 4 * (32 + 4);
        long mlp = 400 * 3 * (16 + 4) + 96 * 7 * (16 + 4);
        assertThat(SHAPE.layerBytes(new LayerBits(8, 4), blocks)).isEqualTo(attention + mlp + 2 * 96 * 4);
    }

    @Test
    void fewerBitsOfKeysAndValuesTakeAsMuchLess() {
        assertThat(SHAPE.kvBytesPerTokenAndLayer(16)).isEqualTo(SHAPE.kvBytesPerTokenAndLayer(32) / 2);
        assertThat(SHAPE.kvBytesPerTokenAndLayer(8)).isEqualTo(SHAPE.kvBytesPerTokenAndLayer(32) / 4);
    }

    @Test
    void theHeadBelongsToTheLastStageAndTheEmbeddingStaysInItsFile() {
        long first = footprint(0, 8, 8).weightBytes();
        long middle = footprint(1, 8, 8).weightBytes();
        long last = footprint(2, 8, 8).weightBytes();
        // the head in 3 blocks of 32 bytes a row, each with 12 more bytes, and the last norm
        assertThat(first).isEqualTo(middle);
        assertThat(last - middle).isEqualTo(1000 * 3 * (32 + 12) + 96 * 4);
    }

    @Test
    void theTokenizerBelongsToTheFirstStageAndIsThereBeforeItLoads() {
        StageFootprint first = footprint(0, 8, 8);
        StageFootprint middle = footprint(1, 8, 8);
        // 1000 words of 400 bytes
        assertThat(first.tokenizerBytes()).isEqualTo(400_000);
        assertThat(middle.tokenizerBytes()).isZero();
        assertThat(first.totalBytes() - first.loadBytes()).isEqualTo(400_000);
        assertThat(first.loadBytes()).isEqualTo(middle.totalBytes());
    }

    @Test
    void cacheGrowsWithContextSlotsAndLayers() {
        // keys and values, 2 heads of 32 numbers of 4 bytes, 2 layers, 512 positions, 3 slots
        assertThat(footprint(1, 8, 8).kvBytes()).isEqualTo(2L * 2 * 32 * 4 * 2 * 512 * 3);
        assertThat(footprint(1, 8, 8).totalBytes())
                .isGreaterThan(footprint(1, 4, 4).totalBytes());
    }

    private static StageFootprint footprint(int firstLayer, Integer... bits) {
        return StageFootprint.of(
                SHAPE,
                firstLayer,
                new Quantization(Stream.of(bits).map(LayerBits::of).toList(), 8, new Blocks(32, true)),
                32,
                512,
                3);
    }
}
