package dev.littoral.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.engine.Sequence;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds, for every architecture, that sequences of unlike lengths give in one batch what each gives alone. */
class BatchIT {

    private static final int[] PROMPTS = {5, 40, 100, 300, 1};
    private static final int STEPS = 30;
    private static final double MOST_OF_RANGE = 2e-4;

    @TempDir
    private Path folder;

    static List<String> names() {
        return Golden.RANDOM;
    }

    @ParameterizedTest
    @MethodSource("names")
    void sequencesOfUnlikeLengthsGiveInOneBatchWhatEachGivesAlone(String name) throws IOException {
        Path checkpoint = Golden.read(name).checkpoint(folder.resolve("checkpoint"));
        int layers = ModelConfig.read(checkpoint).layers();
        try (OnnxStage stage =
                        (OnnxStage) TestStages.load(checkpoint, folder.resolve("cache"), 0, layers, PROMPTS.length);
                ExecutorService threads = Executors.newFixedThreadPool(PROMPTS.length)) {
            List<List<float[]>> alone = IntStream.range(0, PROMPTS.length)
                    .mapToObj(i -> alone(stage, prompt(i)))
                    .toList();
            List<Sequence> sequences = new ArrayList<>();
            for (int i = 0; i < PROMPTS.length; i++) {
                sequences.add(stage.open(512));
                TestStages.forward(List.of(sequences.get(i)), prompt(i));
            }
            long before = stage.activity().decodeSteps();
            for (int step = 0; step < STEPS; step++) {
                List<float[]> rows = together(stage, threads, sequences, tokens(alone, step));
                for (int i = 0; i < PROMPTS.length; i++) {
                    float[] expected = alone.get(i).get(step + 1);
                    assertThat(TestStages.argmax(rows.get(i)))
                            .as("step %d of a prompt of %d", step, PROMPTS[i])
                            .isEqualTo(TestStages.argmax(expected));
                    assertThat(TestStages.largestOfRange(rows.get(i), expected)).isLessThanOrEqualTo(MOST_OF_RANGE);
                }
            }
            assertThat(stage.activity().decodeSteps() - before).isEqualTo(STEPS);
            sequences.forEach(Sequence::close);
        }
    }

    private static int[] prompt(int index) {
        return RandomCheckpoint.prompt(PROMPTS[index], index);
    }

    /** Gives the logits behind the prompt and behind each likeliest token. */
    private static List<float[]> alone(OnnxStage stage, int[] prompt) {
        try (Sequence sequence = stage.open(512)) {
            List<float[]> rows = new ArrayList<>();
            rows.add(TestStages.forward(List.of(sequence), prompt));
            for (int i = 0; i < STEPS; i++) {
                rows.add(TestStages.forward(List.of(sequence), TestStages.argmax(rows.getLast())));
            }
            return rows;
        }
    }

    private static int[] tokens(List<List<float[]>> alone, int step) {
        return alone.stream()
                .mapToInt(rows -> TestStages.argmax(rows.get(step)))
                .toArray();
    }

    /** Runs a token of each, all of which wait before the first step. */
    private static List<float[]> together(
            OnnxStage stage, ExecutorService threads, List<Sequence> sequences, int[] tokens) {
        List<CompletableFuture<float[]>> rows = new ArrayList<>();
        stage.between(() -> {
            for (int i = 0; i < tokens.length; i++) {
                int index = i;
                rows.add(CompletableFuture.supplyAsync(
                        () -> TestStages.forward(List.of(sequences.get(index)), tokens[index]), threads));
            }
            while (stage.activity().waiting() < tokens.length) {
                Thread.onSpinWait();
            }
        });
        return rows.stream().map(CompletableFuture::join).toList();
    }
}
