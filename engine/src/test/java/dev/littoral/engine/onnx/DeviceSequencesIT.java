package dev.littoral.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.littoral.checkpoint.Blocks;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds what sequences do beside each other on every device to what they do alone, and its widths to what it has. */
class DeviceSequencesIT {

    private static final int SLOTS = 4;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void sequencesThatDecodeTogetherGiveWhatTheyGiveAlone(Computer computer) throws IOException {
        try (Stage stage = llama(computer)) {
            List<float[]> alone =
                    IntStream.range(0, SLOTS).mapToObj(i -> alone(stage, i)).toList();
            List<Sequence> open = begun(stage);
            List<float[]> together = together((OnnxStage) stage, open, List.of(0, 1, 2, 3));
            open.forEach(Sequence::close);
            for (int i = 0; i < SLOTS; i++) {
                computer.assertAlike(together.get(i), alone.get(i));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSlotBetweenThatIdlesKeepsItsLogits(Computer computer) throws IOException {
        try (Stage stage = llama(computer)) {
            List<float[]> alone =
                    IntStream.range(0, SLOTS).mapToObj(i -> alone(stage, i)).toList();
            List<Sequence> open = begun(stage);
            StageOutput.Logits idle = (StageOutput.Logits) open.get(1).forward(token(1));
            List<float[]> together = together((OnnxStage) stage, open, List.of(0, 2));
            float[] kept = TestStages.values(idle.lastRow());
            open.forEach(Sequence::close);
            computer.assertAlike(together.get(0), alone.get(0));
            computer.assertAlike(together.get(1), alone.get(2));
            computer.assertAlike(kept, alone.get(1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSequenceThatBeginsLikeAnotherTakesOverItsRows(Computer computer) throws IOException {
        int[] prompt = RandomCheckpoint.prompt(40);
        int[] longer = Arrays.copyOf(prompt, 50);
        try (Stage stage = llama(computer)) {
            float[] expected;
            try (Sequence fresh = stage.open(64)) {
                expected = TestStages.forward(List.of(fresh), longer);
            }
            try (Sequence first = stage.open(64, prompt)) {
                TestStages.forward(List.of(first), Arrays.copyOfRange(prompt, first.length(), 40));
                try (Sequence second = stage.open(64, longer)) {
                    assertThat(second.length()).isGreaterThanOrEqualTo(40);
                    float[] row = TestStages.forward(
                            List.of(second), Arrays.copyOfRange(longer, second.length(), longer.length));
                    computer.assertAlike(row, expected);
                }
                computer.assertAlike(TestStages.forward(List.of(first), 0), afterZero(stage, prompt));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDraftIsCheckedInOneGoAndRolledBack(Computer computer) throws IOException {
        int[] prompt = RandomCheckpoint.prompt(20);
        int[] draft = RandomCheckpoint.prompt(6, 1);
        try (Stage stage = llama(computer)) {
            List<float[]> single = new ArrayList<>();
            try (Sequence sequence = stage.open(64)) {
                TestStages.forward(List.of(sequence), prompt);
                for (int token : draft) {
                    single.add(TestStages.forward(List.of(sequence), token));
                }
            }
            try (Sequence sequence = stage.open(64)) {
                TestStages.forward(List.of(sequence), prompt);
                StageOutput.Logits rows =
                        (StageOutput.Logits) sequence.forward(new StageInput.Tokens(draft), draft.length);
                for (int i = 0; i < draft.length; i++) {
                    computer.assertAlike(TestStages.values(rows.row(i)), single.get(i));
                }
                sequence.rollBack(prompt.length + 2);
                computer.assertAlike(TestStages.forward(List.of(sequence), draft[2]), single.get(2));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void keysAndValuesOfEightBitsStayNear(Computer computer) throws IOException {
        Path checkpoint = RandomCheckpoint.write(folder.resolve("checkpoint"), RandomCheckpoint.LLAMA, "F32");
        int[] prompt = RandomCheckpoint.prompt(40);
        new OnnxCalibrator(checkpoint, folder.resolve("cache"), 1, 64)
                .calibrate(List.of(prompt), checkpoint.resolve(Calibration.FILE), ProgressListener.NONE);
        float[] expected;
        try (Stage stage = llama(Computer.PROCESSOR);
                Sequence sequence = stage.open(64)) {
            expected = TestStages.forward(List.of(sequence), prompt);
        }
        try (Stage stage = computer.engine().load(spec(checkpoint, 32, 8), ProgressListener.NONE);
                Sequence sequence = stage.open(64)) {
            assertThat(TestStages.largestOfRange(TestStages.forward(List.of(sequence), prompt), expected))
                    .isLessThan(0.05);
        }
    }

    @ParameterizedTest
    @EnumSource
    void keysAndValuesHaveAsManyBitsAsTheDeviceTakes(Computer computer) throws IOException {
        try (Stage stage = llama(computer)) {
            assertThat(stage.spec().kvBits()).isEqualTo(computer.halves() ? 16 : 32);
            // 5 layers, keys and values of 3 heads of 48
            assertThat(stage.kvBytesPerToken()).isEqualTo(5L * 2 * 3 * 48 * (computer.halves() ? 2 : 4));
            assertThat(stage.device().name()).isEqualTo(computer == Computer.CUDA ? "cuda" : "cpu");
        }
    }

    @ParameterizedTest
    @EnumSource(names = "PROCESSOR", mode = EnumSource.Mode.EXCLUDE)
    void twoBitsAreRefusedByNameWithTheCure(Computer computer) throws IOException {
        Path checkpoint = RandomCheckpoint.write(folder.resolve("checkpoint"), RandomCheckpoint.LLAMA, "F32");
        OnnxEngine engine = computer.engine();
        assertThatThrownBy(() -> engine.load(spec(checkpoint, 2, 32), ProgressListener.NONE))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("layer 0 has weights of 2 bits")
                .hasMessageContaining("take 4 bits or more, or compute on the processor");
    }

    private Stage llama(Computer computer) throws IOException {
        Path checkpoint = RandomCheckpoint.write(folder.resolve("checkpoint"), RandomCheckpoint.LLAMA, "F32");
        return computer.engine().load(spec(checkpoint, 32, 32), ProgressListener.NONE);
    }

    private StageSpec spec(Path checkpoint, int bits, int kvBits) {
        return new StageSpec(
                checkpoint,
                0,
                RandomCheckpoint.LAYERS,
                Quantization.uniform(RandomCheckpoint.LAYERS, bits, 32, new Blocks(32, true)),
                Rounding.TUNED,
                kvBits,
                64,
                SLOTS,
                1,
                folder.resolve("cache"));
    }

    private static StageInput.Tokens token(int sequence) {
        return new StageInput.Tokens(new int[] {100 + sequence});
    }

    private static int[] prompt(int sequence) {
        return RandomCheckpoint.prompt(7 + 3 * sequence, sequence);
    }

    private static float[] alone(Stage stage, int sequence) {
        try (Sequence open = stage.open(64)) {
            TestStages.forward(List.of(open), prompt(sequence));
            return TestStages.forward(List.of(open), token(sequence).ids());
        }
    }

    private static float[] afterZero(Stage stage, int[] prompt) {
        try (Sequence open = stage.open(64)) {
            TestStages.forward(List.of(open), prompt);
            return TestStages.forward(List.of(open), 0);
        }
    }

    /** Opens a sequence in each slot, with its prompt behind it. */
    private static List<Sequence> begun(Stage stage) {
        List<Sequence> open =
                IntStream.range(0, SLOTS).mapToObj(i -> stage.open(64)).toList();
        for (int i = 0; i < SLOTS; i++) {
            TestStages.forward(List.of(open.get(i)), prompt(i));
        }
        return open;
    }

    /** Runs a token of several sequences in one step. */
    private static List<float[]> together(OnnxStage stage, List<Sequence> open, List<Integer> which) {
        try (ExecutorService threads = Executors.newFixedThreadPool(SLOTS)) {
            List<CompletableFuture<float[]>> rows = new ArrayList<>();
            long before = stage.activity().steps();
            stage.between(() -> {
                for (int i : which) {
                    rows.add(CompletableFuture.supplyAsync(
                            () -> TestStages.forward(List.of(open.get(i)), token(i).ids()), threads));
                }
                while (stage.activity().waiting() < which.size()) {
                    Thread.onSpinWait();
                }
            });
            List<float[]> values = rows.stream().map(CompletableFuture::join).toList();
            assertThat(stage.activity().steps() - before).isEqualTo(1);
            return values;
        }
    }
}
