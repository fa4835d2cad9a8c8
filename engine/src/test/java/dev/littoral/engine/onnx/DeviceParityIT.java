package dev.littoral.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.littoral.checkpoint.Blocks;
import dev.littoral.checkpoint.ModelConfig;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds every device to the logits of Hugging Face transformers, which golden.py wrote, and to the processor's. */
class DeviceParityIT {

    /** Four and eight bits on the processor round what they multiply to eight bits; halves shift that rounding. */
    private static final double MOST_OF_RANGE_AT_FEW_BITS = 0.04;

    private static final int CHUNK = 5;
    private static final int SLOTS = 4;

    @TempDir
    private Path folder;

    static Stream<Arguments> computersAndModels() {
        return Arrays.stream(Computer.values())
                .flatMap(computer -> Stream.of(Golden.RANDOM, Golden.TRAINED)
                        .flatMap(List::stream)
                        .map(model -> Arguments.of(computer, model)));
    }

    static Stream<Arguments> halvesModelsAndBits() {
        return Arrays.stream(Computer.values())
                .filter(Computer::halves)
                .flatMap(computer -> Stream.of("llama", "qwen2", "qwen3", "phi3", "gemma3", "target")
                        .flatMap(
                                model -> IntStream.of(16, 8, 4).mapToObj(bits -> Arguments.of(computer, model, bits))));
    }

    @ParameterizedTest
    @MethodSource("computersAndModels")
    void aPromptInOneGoGivesTheLogitsOfTransformers(Computer computer, String model) throws IOException {
        Golden golden = Golden.read(model);
        try (StageChain chain = chain(computer, golden, 32)) {
            for (Golden.Case expected : golden.cases()) {
                try (StageChain.Session session = chain.open(512)) {
                    assertAlike(computer, session.logits(expected.prompt()), expected.last());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("computersAndModels")
    void aPromptInChunksThroughStagesGivesThemToo(Computer computer, String model) throws IOException {
        Golden golden = Golden.read(model);
        try (StageChain chain = chain(computer, golden, 32, 1, 2)) {
            for (Golden.Case expected : golden.cases()) {
                try (StageChain.Session session = chain.open(512)) {
                    float[] last = {};
                    for (int from = 0; from < expected.prompt().length; from += CHUNK) {
                        int to = Math.min(expected.prompt().length, from + CHUNK);
                        last = session.logits(Arrays.copyOfRange(expected.prompt(), from, to));
                    }
                    assertAlike(computer, last, expected.last());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("computersAndModels")
    void tokenByTokenTheLikeliestIsThatOfTransformersOrAsGoodAsIt(Computer computer, String model) throws IOException {
        Golden golden = Golden.read(model);
        try (StageChain chain = chain(computer, golden, 32)) {
            for (Golden.Case expected : golden.cases()) {
                try (StageChain.Session session = chain.open(512)) {
                    for (int i = 0; i < expected.prompt().length; i++) {
                        float[] row = session.logits(expected.prompt()[i]);
                        double bound = computer.mostOfRange * range(row);
                        int likeliest = expected.argmax()[i];
                        assertThat((double) Math.abs(row[likeliest] - expected.max()[i]))
                                .isLessThanOrEqualTo(bound);
                        // both may be off by the bound, one up and one down
                        assertThat((double) (row[TestStages.argmax(row)] - row[likeliest]))
                                .as("position %d of %d", i, expected.prompt().length)
                                .isLessThanOrEqualTo(computer.halves() ? 2 * bound : 0);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("halvesModelsAndBits")
    void fewerBitsGiveWhatTheProcessorMakesOfThem(Computer computer, String model, int bits) throws IOException {
        Golden golden = Golden.read(model);
        int[] prompt = golden.cases().getLast().prompt();
        try (StageChain chain = chain(computer, golden, bits);
                StageChain.Session session = chain.open(512);
                StageChain plain = chain(Computer.PROCESSOR, golden, bits);
                StageChain.Session reference = plain.open(512)) {
            assertThat(TestStages.largestOfRange(session.logits(prompt), reference.logits(prompt)))
                    .isLessThanOrEqualTo(bits >= 16 ? computer.mostOfRange : MOST_OF_RANGE_AT_FEW_BITS);
        }
    }

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
                assertAlike(computer, together.get(i), alone.get(i));
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
            assertAlike(computer, together.get(0), alone.get(0));
            assertAlike(computer, together.get(1), alone.get(2));
            assertAlike(computer, kept, alone.get(1));
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
                    assertAlike(computer, row, expected);
                }
                assertAlike(computer, TestStages.forward(List.of(first), 0), afterZero(stage, prompt));
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
                    assertAlike(computer, TestStages.values(rows.row(i)), single.get(i));
                }
                sequence.rollBack(prompt.length + 2);
                assertAlike(computer, TestStages.forward(List.of(sequence), draft[2]), single.get(2));
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

    private StageChain chain(Computer computer, Golden golden, int bits, int... borders) throws IOException {
        Path checkpoint = golden.checkpoint(folder.resolve("checkpoint"));
        int layers = ModelConfig.read(checkpoint).layers();
        int[] within = IntStream.of(borders).filter(border -> border < layers).toArray();
        return StageChain.load(computer.engine(), checkpoint, folder.resolve("cache"), layers, bits, 512, within);
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

    private static void assertAlike(Computer computer, float[] actual, float[] expected) {
        assertThat(TestStages.largestOfRange(actual, expected)).isLessThanOrEqualTo(computer.mostOfRange);
        // both may be off by the bound, one up and one down
        double least = computer.halves() ? -2 * computer.mostOfRange * range(expected) : 0;
        assertThat((double) (expected[TestStages.argmax(actual)] - expected[TestStages.argmax(expected)]))
                .isGreaterThanOrEqualTo(least);
    }

    private static double range(float[] row) {
        float min = row[0];
        float max = row[0];
        for (float logit : row) {
            min = Math.min(min, logit);
            max = Math.max(max, logit);
        }
        return max - min;
    }
}
