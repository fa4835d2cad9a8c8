package dev.littoral.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.engine.Sequence;
import dev.littoral.engine.Stage;
import dev.littoral.engine.StageActivity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds that a sequence's tokens do not depend on which others run with it. */
class InterleavingIT {

    private static final int SLOTS = 6;
    private static final double MOST_OF_RANGE = 2e-4;

    @TempDir
    private static Path folder;

    private static List<Stage> whole;
    private static List<Stage> halves;
    private static final ExecutorService THREADS = Executors.newCachedThreadPool();

    @BeforeAll
    static void load() throws IOException {
        Path checkpoint = RandomCheckpoint.write(folder.resolve("checkpoint"), RandomCheckpoint.LLAMA, "F32");
        whole = List.of(TestStages.load(checkpoint, folder.resolve("cache"), 0, 5, SLOTS));
        halves = List.of(
                TestStages.load(checkpoint, folder.resolve("cache"), 0, 2, SLOTS),
                TestStages.load(checkpoint, folder.resolve("cache"), 2, 5, SLOTS));
    }

    @AfterAll
    static void close() {
        whole.forEach(Stage::close);
        halves.forEach(Stage::close);
        THREADS.shutdown();
    }

    static LongStream seeds() {
        return LongStream.range(0, 64);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everySequenceGivesTheTokensThatItGivesAlone(long seed) {
        check(whole, seed);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everySequenceGivesTheTokensThatItGivesAloneOverTwoStages(long seed) {
        check(halves, seed);
    }

    @Test
    void rowsThatWaitTogetherRunInOneStep() {
        OnnxStage stage = (OnnxStage) whole.getFirst();
        List<Talk> talks = IntStream.range(0, SLOTS)
                .mapToObj(i -> new Talk(RandomCheckpoint.prompt(5 + i), 4))
                .toList();
        List<Talk.Run> runs = talks.stream().map(talk -> talk.begin(whole)).toList();
        runs.forEach(run -> run.step(64));
        StageActivity before = stage.activity();
        together(stage, runs.stream().<Runnable>map(run -> () -> run.step(1)).toList());
        StageActivity after = stage.activity();
        runs.forEach(Talk.Run::close);
        assertThat(after.decodeSteps() - before.decodeSteps()).isEqualTo(1);
        assertThat(after.decodeRows() - before.decodeRows()).isEqualTo(SLOTS);
    }

    @Test
    void aLongPromptLetsOthersDecodeBetweenItsPieces() {
        OnnxStage stage = (OnnxStage) whole.getFirst();
        try (Talk.Run prompt = new Talk(RandomCheckpoint.prompt(500), 1).begin(whole);
                Talk.Run answer = new Talk(RandomCheckpoint.prompt(5), 3).begin(whole)) {
            answer.step(5);
            answer.step(1);
            StageActivity before = stage.activity();
            long[] decodedMeanwhile = new long[1];
            together(
                    stage,
                    List.of(
                            () -> {
                                prompt.step(500);
                                decodedMeanwhile[0] = stage.activity().decodeRows() - before.decodeRows();
                            },
                            () -> answer.step(1)));
            assertThat(decodedMeanwhile[0]).isEqualTo(1);
            assertThat(stage.activity().promptRows() - before.promptRows()).isEqualTo(500);
            // in pieces of 128 rows at most
            assertThat(stage.activity().steps() - before.steps()).isGreaterThanOrEqualTo(5);
        }
    }

    private static void check(List<Stage> stages, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Talk> talks = IntStream.range(0, 5 + (int) (seed % 4))
                .mapToObj(i -> new Talk(
                        RandomCheckpoint.prompt(random.nextInt(1, 90), random.nextInt(1000)), random.nextInt(1, 16)))
                .toList();
        List<List<float[]>> alone =
                talks.stream().map(talk -> talk.alone(stages)).toList();
        List<Talk> toCome = new ArrayList<>(talks);
        List<Talk.Run> running = new ArrayList<>();
        while (!toCome.isEmpty() || !running.isEmpty()) {
            while (!toCome.isEmpty() && running.size() < SLOTS && (running.isEmpty() || random.nextInt(3) > 0)) {
                running.add(toCome.removeFirst().begin(stages));
            }
            List<Runnable> steps = new ArrayList<>();
            for (Talk.Run run : running) {
                int rows = random.nextInt(1, 40);
                if (random.nextInt(4) > 0) {
                    steps.add(() -> run.step(rows));
                }
            }
            together((OnnxStage) stages.getFirst(), steps);
            for (Talk.Run run : List.copyOf(running)) {
                if (run.ended()) {
                    run.close();
                    running.remove(run);
                    assertAlike(run.logits(), alone.get(talks.indexOf(run.talk())));
                }
            }
        }
    }

    /** Lets all begin to wait before any of them runs. */
    private static void together(OnnxStage stage, List<Runnable> steps) {
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        stage.between(() -> {
            steps.forEach(step -> ends.add(CompletableFuture.runAsync(step, THREADS)));
            while (stage.activity().waiting() < steps.size()) {
                Thread.onSpinWait();
            }
        });
        ends.forEach(CompletableFuture::join);
    }

    private static void assertAlike(List<float[]> actual, List<float[]> expected) {
        assertThat(actual.stream().map(TestStages::argmax))
                .isEqualTo(expected.stream().map(TestStages::argmax).toList());
        for (int i = 0; i < actual.size(); i++) {
            assertThat(TestStages.largestOfRange(actual.get(i), expected.get(i)))
                    .isLessThan(MOST_OF_RANGE);
        }
    }

    /** A prompt and how many tokens to answer. */
    @SuppressWarnings("ArrayRecordComponent") // one is itself only
    private record Talk(int[] prompt, int tokens) {

        List<float[]> alone(List<Stage> stages) {
            try (Run run = begin(stages)) {
                while (!run.ended()) {
                    run.step(prompt.length);
                }
                return run.logits();
            }
        }

        Run begin(List<Stage> stages) {
            return new Run(this, stages.stream().map(stage -> stage.open(512)).toList());
        }

        /** One that runs; greedy. */
        private static final class Run implements AutoCloseable {

            private final Talk talk;
            private final List<Sequence> sequences;
            private final List<float[]> logits = new ArrayList<>();

            Run(Talk talk, List<Sequence> sequences) {
                this.talk = talk;
                this.sequences = sequences;
            }

            Talk talk() {
                return talk;
            }

            List<float[]> logits() {
                return logits;
            }

            boolean ended() {
                return logits.size() == talk.tokens();
            }

            void step(int rows) {
                int from = sequences.getFirst().length();
                int[] tokens = logits.isEmpty()
                        ? Arrays.copyOfRange(talk.prompt(), from, Math.min(talk.prompt().length, from + rows))
                        : new int[] {TestStages.argmax(logits.getLast())};
                float[] row = TestStages.forward(sequences, tokens);
                if (from + tokens.length >= talk.prompt().length) {
                    logits.add(row);
                }
            }

            @Override
            public void close() {
                sequences.forEach(Sequence::close);
            }
        }
    }
}
