package dev.littoral.operator.quantizationvariant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.checkpoint.Blocks;
import dev.littoral.checkpoint.LayerBits;
import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.checkpoint.ModelShape;
import dev.littoral.crds.LanguageModel;
import dev.littoral.crds.LanguageModelStatus;
import dev.littoral.crds.ModelDimensions;
import dev.littoral.crds.QuantizationVariantSpec;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VariantBitsTest {

    private static final Blocks BLOCKS = new Blocks(32, true);

    private static final ModelShape SHAPE = new ModelShape(
            new ModelConfig("LlamaForCausalLM", 3, 64, 4, 2, 16, 96, 320, 128, 1e-5, 1e4, false), 2, 400_000, 200_000);

    @Test
    void oneWidthIsForEveryLayer() {
        // embedding 320 * 64 * 2 bytes, three layers, the head at its own width
        long bytes = 320 * 64 * 2 + 3 * SHAPE.layerBytes(LayerBits.of(4), BLOCKS) + SHAPE.headBytes(8, BLOCKS);

        assertThat(VariantBits.of(variant(4, List.of()), Optional.of(model())))
                .isEqualTo(new VariantBits.Chosen(Collections.nCopies(3, 4), bytes));
    }

    @Test
    void aWidthForEachLayerIsTakenInOrder() {
        long bytes = SHAPE.embeddingBytes()
                + SHAPE.layerBytes(LayerBits.of(8), BLOCKS)
                + SHAPE.layerBytes(LayerBits.of(4), BLOCKS)
                + SHAPE.layerBytes(LayerBits.of(32), BLOCKS)
                + SHAPE.headBytes(8, BLOCKS);

        assertThat(VariantBits.of(variant(null, List.of(8, 4, 32)), Optional.of(model())))
                .isEqualTo(new VariantBits.Chosen(List.of(8, 4, 32), bytes));
    }

    @Test
    void aNumberOfWidthsThatIsNotTheNumberOfLayersIsRefusedWithBoth() {
        assertThat(VariantBits.of(variant(null, List.of(8, 4)), Optional.of(model())))
                .isInstanceOfSatisfying(VariantBits.Open.class, open -> {
                    assertThat(open.reason()).isEqualTo(VariantReason.LayersDiffer);
                    assertThat(open.message()).contains("2 numbers", "tiny has 3 layers");
                });
    }

    @Test
    void aModelThatIsNotThereIsNamed() {
        assertThat(VariantBits.of(variant(4, List.of()), Optional.empty()))
                .isEqualTo(new VariantBits.Open(
                        VariantReason.ModelNotFound, "there is no LanguageModel tiny in this namespace"));
    }

    @Test
    void aModelThatCouldNotBeReadKeepsTheVariantOpen() {
        assertThat(VariantBits.of(variant(4, List.of()), Optional.of(new LanguageModel())))
                .isInstanceOfSatisfying(
                        VariantBits.Open.class,
                        open -> assertThat(open.reason()).isEqualTo(VariantReason.ModelNotReady));
    }

    private static QuantizationVariantSpec variant(@Nullable Integer bits, List<Integer> perLayer) {
        return new QuantizationVariantSpec("tiny", bits, perLayer, null, null, 8, 32, true, 32);
    }

    private static LanguageModel model() {
        LanguageModel model = new LanguageModel();
        ModelConfig config = SHAPE.config();
        model.setStatus(new LanguageModelStatus(
                1L,
                List.of(),
                null,
                config.architecture(),
                config.layers(),
                SHAPE.storedParameters(),
                SHAPE.storedBytes(),
                config.contextTokens(),
                new ModelDimensions(
                        config.hiddenSize(),
                        config.heads(),
                        config.kvHeads(),
                        config.headDim(),
                        config.ffnSize(),
                        config.vocabularySize(),
                        config.normEpsilon(),
                        config.ropeTheta(),
                        SHAPE.embeddingElementBytes(),
                        config.tiedEmbeddings())));
        return model;
    }
}
