package dev.littoral.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.littoral.checkpoint.Blocks;
import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.checkpoint.LayerBits;
import dev.littoral.checkpoint.Quantization;
import dev.littoral.engine.EngineException;
import dev.littoral.engine.ProgressListener;
import dev.littoral.engine.Rounding;
import dev.littoral.engine.Sequence;
import dev.littoral.engine.Stage;
import dev.littoral.engine.StageInput;
import dev.littoral.engine.StageOutput;
import dev.littoral.engine.StageSpec;
import dev.littoral.engine.quantize.Calibration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs stages of every width that the runtime takes, on odd sizes. */
class QuantizedStageIT {

    private static final int[] TOKENS = {3, 996, 17, 501, 42, 42, 7, 0, 640};

    @TempDir
    private static Path folder;

    private static Path checkpoint = Path.of("");
    private static float[] exact = {};

    @BeforeAll
    static void writeModel() throws IOException {
        checkpoint = RandomCheckpoint.write(folder.resolve("model"), RandomCheckpoint.LLAMA, "BF16");
        exact = logits(spec(LayerBits.of(32), 32, new Blocks(32, true), 32));
    }

    static Stream<Arguments> combinations() {
        List<Arguments> combinations = new ArrayList<>();
        for (int bits : new int[] {8, 4, 2}) {
            for (int size : new int[] {32, 64, 128}) {
                for (boolean symmetric : new boolean[] {true, false}) {
                    combinations.add(Arguments.of(new LayerBits(bits, bits), 8, new Blocks(size, symmetric)));
                }
            }
        }
        combinations.add(Arguments.of(new LayerBits(16, 4), 16, new Blocks(64, false)));
        combinations.add(Arguments.of(new LayerBits(2, 32), 4, new Blocks(32, true)));
        return combinations.stream();
    }

    /** What remains is the runtime's rounding of activations to 8 bits. */
    @ParameterizedTest
    @MethodSource("combinations")
    void theRuntimeReadsTheStepsAsPlainArithmeticDoes(LayerBits bits, int headBits, Blocks blocks) throws IOException {
        StageSpec spec = spec(bits, headBits, blocks, 32);
        float[] quantized = logits(spec);
        Path prepared = new OnnxEngine().prepare(spec, ProgressListener.NONE);
        try {
            assertThat(Dequantized.rewrite(prepared)).isPositive();
            assertThat(distance(quantized, logits(spec))).isLessThan(0.05);
        } finally {
            Files.delete(prepared.resolve("model.onnx"));
            Draft.delete(prepared);
        }
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void thePreparedFileHasTheBytesThatWerePromised(LayerBits bits, int headBits, Blocks blocks) throws IOException {
        StageSpec spec = spec(bits, headBits, blocks, 32);
        Path prepared = new OnnxEngine().prepare(spec, ProgressListener.NONE);
        try (Checkpoint opened = Checkpoint.open(checkpoint)) {
            long norms = (2 * RandomCheckpoint.LAYERS + 1) * RandomCheckpoint.HIDDEN * 4L;
            long promised = opened.shape().preparedBytes(0, spec.quantization()) - norms;
            long tensors = tensorBytes(prepared.resolve("model.onnx"));
            assertThat(tensors).isEqualTo(promised);
            assertThat(Files.size(prepared.resolve("weights.bin"))).isBetween(promised, promised + 70 * 4096);
        }
    }

    @Test
    void sixteenBitsOfAnUntouchedTypeLoseNothing() {
        assertThat(logits(spec(LayerBits.of(16), 16, new Blocks(32, true), 32))).isEqualTo(exact);
    }

    @Test
    void aCacheOfSixteenBitsStaysNear() {
        assertThat(distance(logits(spec(LayerBits.of(32), 32, new Blocks(32, true), 16)), exact))
                .isPositive()
                .isLessThan(5e-3);
    }

    @Test
    void aCacheOfEightBitsNeedsACalibrationAndThenStaysNear() throws IOException {
        Path model = RandomCheckpoint.write(folder.resolve("calibrated"), RandomCheckpoint.LLAMA, "BF16");
        StageSpec spec = new StageSpec(
                model,
                0,
                RandomCheckpoint.LAYERS,
                Quantization.uniform(RandomCheckpoint.LAYERS, 32, 32, new Blocks(32, true)),
                Rounding.TUNED,
                8,
                64,
                1,
                1,
                folder.resolve("cache"));
        assertThatThrownBy(() -> logits(spec))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining(Calibration.FILE)
                .hasMessageContaining("model calibrate");
        calibrate(model);
        assertThat(distance(logits(spec), exact)).isPositive().isLessThan(0.05);
    }

    @ParameterizedTest
    @CsvSource({"4", "2"})
    void calibrationBringsTheLogitsNearer(int bits) throws IOException {
        Path model = RandomCheckpoint.write(folder.resolve("tuned" + bits), RandomCheckpoint.LLAMA, "BF16");
        StageSpec spec = new StageSpec(
                model,
                0,
                RandomCheckpoint.LAYERS,
                Quantization.uniform(RandomCheckpoint.LAYERS, bits, 8, new Blocks(32, true)),
                Rounding.TUNED,
                32,
                64,
                1,
                1,
                folder.resolve("cache"));
        double before = distance(logits(spec), exact);
        calibrate(model);
        assertThat(distance(logits(spec), exact)).isLessThan(0.9 * before);
    }

    private static void calibrate(Path model) {
        new OnnxCalibrator(model, folder.resolve("cache"), 1, 64)
                .calibrate(
                        List.of(TOKENS, new int[] {1, 2, 3, 4, 5}), model.resolve(Calibration.FILE), (d, t, s) -> {});
    }

    private static StageSpec spec(LayerBits bits, int headBits, Blocks blocks, int kvBits) {
        return new StageSpec(
                checkpoint,
                0,
                RandomCheckpoint.LAYERS,
                new Quantization(Collections.nCopies(RandomCheckpoint.LAYERS, bits), headBits, blocks),
                Rounding.TUNED,
                kvBits,
                64,
                1,
                1,
                folder.resolve("cache"));
    }

    private static float[] logits(StageSpec spec) {
        try (Stage stage = new OnnxEngine().load(spec, ProgressListener.NONE);
                Sequence sequence = stage.open(TOKENS.length)) {
            sequence.forward(new StageInput.Tokens(Arrays.copyOf(TOKENS, 5)));
            float[] logits = {};
            for (int i = 5; i < TOKENS.length; i++) {
                logits = switch (sequence.forward(new StageInput.Tokens(new int[] {TOKENS[i]}))) {
                    case StageOutput.Logits out -> TestStages.values(out.lastRow());
                    case StageOutput.Activations _ -> throw new IllegalStateException("this is the last stage");
                };
            }
            return logits;
        }
    }

    /** Gives the root of the mean squared difference over that of the second's deviation from its mean. */
    private static double distance(float[] one, float[] other) {
        double mean = 0;
        for (float number : other) {
            mean += number / (double) other.length;
        }
        double off = 0;
        double spread = 0;
        for (int i = 0; i < other.length; i++) {
            off += Math.pow(one[i] - other[i], 2);
            spread += Math.pow(other[i] - mean, 2);
        }
        return Math.sqrt(off / spread);
    }

    private static long tensorBytes(Path model) throws IOException {
        return ModelProto.parseFrom(Files.readAllBytes(model)).getGraph().getInitializerList().stream()
                .flatMap(tensor -> tensor.getExternalDataList().stream())
                .filter(entry -> entry.getKey().equals("length"))
                .mapToLong(entry -> Long.parseLong(entry.getValue()))
                .sum();
    }
}
