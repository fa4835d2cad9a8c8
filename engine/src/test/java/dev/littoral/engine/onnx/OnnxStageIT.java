package dev.littoral.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.littoral.engine.ContextExceededException;
import dev.littoral.engine.EngineException;
import dev.littoral.engine.NoFreeSlotException;
import dev.littoral.engine.Sequence;
import dev.littoral.engine.SequenceClosedException;
import dev.littoral.engine.Stage;
import dev.littoral.engine.StageInput;
import dev.littoral.engine.StageOutput;
import dev.littoral.engine.StageSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxStageIT {

    @TempDir
    private static Path folder;

    private static Path checkpoint;

    @BeforeAll
    static void write() throws IOException {
        checkpoint = RandomCheckpoint.write(folder.resolve("checkpoint"), RandomCheckpoint.LLAMA, "F32");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void twoStagesGiveTheVeryTokensOfOne(int border) {
        // 100 prompts of 1 to 100 tokens, 12 tokens each
        try (StageChain one = chain(32);
                StageChain two = chain(32, border)) {
            for (int length = 1; length <= 100; length++) {
                int[] prompt = RandomCheckpoint.prompt(length);
                try (StageChain.Session whole = one.open(128);
                        StageChain.Session pieces = two.open(128)) {
                    assertThat(pieces.greedy(prompt, 12)).isEqualTo(whole.greedy(prompt, 12));
                }
            }
        }
    }

    @Test
    void aLongPromptCrossesTheBorderBetweenStagesUnharmed() {
        int[] prompt = RandomCheckpoint.prompt(300);
        try (StageChain one = chain(32);
                StageChain two = chain(32, 3);
                StageChain.Session whole = one.open(400);
                StageChain.Session pieces = two.open(400)) {
            assertThat(pieces.logits(prompt)).containsExactly(whole.logits(prompt));
        }
    }

    @ParameterizedTest
    @CsvSource({"128, 33", "129, 2", "129, 33", "300, 5", "300, 33"})
    void theLastRowsOfALongPromptGiveTheLogitsThatTheyGiveOneByOne(int rows, int logitRows) {
        int[] prompt = RandomCheckpoint.prompt(rows);
        for (int[] borders : new int[][] {{}, {3}}) {
            try (StageChain chain = chain(32, borders);
                    StageChain.Session atOnce = chain.open(512);
                    StageChain.Session oneByOne = chain.open(512)) {
                oneByOne.logits(Arrays.copyOf(prompt, rows - logitRows));
                List<float[]> last = atOnce.logits(logitRows, prompt);
                assertThat(last).hasSize(logitRows);
                for (int i = 0; i < logitRows; i++) {
                    float[] expected = oneByOne.logits(prompt[rows - logitRows + i]);
                    assertThat(TestStages.largestOfRange(last.get(i), expected)).isLessThanOrEqualTo(2e-4);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"8, 0.06", "4, 0.4"})
    void fewerBitsStayNearTheWholeNumbers(int bits, double mostRelativeError) {
        int[] prompt = RandomCheckpoint.prompt(64);
        try (StageChain whole = chain(32);
                StageChain rounded = chain(bits);
                StageChain.Session exact = whole.open(64);
                StageChain.Session near = rounded.open(64)) {
            assertThat(relativeError(near.logits(prompt), exact.logits(prompt)))
                    .isPositive()
                    .isLessThan(mostRelativeError);
        }
    }

    @Test
    void sequencesThatTakeTurnsDoNotChangeEachOther() {
        try (StageChain chain = chain(32)) {
            List<Integer> alone;
            try (StageChain.Session session = chain.open(64)) {
                alone = session.greedy(RandomCheckpoint.prompt(7), 20);
            }
            try (StageChain.Session first = chain.open(64);
                    StageChain.Session second = chain.open(64)) {
                CompletableFuture<List<Integer>> other =
                        CompletableFuture.supplyAsync(() -> second.greedy(RandomCheckpoint.prompt(9), 20));
                assertThat(first.greedy(RandomCheckpoint.prompt(7), 20)).isEqualTo(alone);
                assertThat(other.join()).isNotEqualTo(alone);
            }
        }
    }

    @Test
    void aReusedSlotForgetsItsFormerSequence() {
        try (StageChain chain = chain(8)) {
            List<List<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                try (StageChain.Session session = chain.open(128)) {
                    answers.add(session.greedy(RandomCheckpoint.prompt(20), 10));
                }
                try (StageChain.Session other = chain.open(128)) {
                    other.greedy(RandomCheckpoint.prompt(100), 2);
                }
            }
            assertThat(answers).containsOnly(answers.getFirst());
        }
    }

    @Test
    void slotsRunOutAndComeBack() {
        try (Stage stage = TestStages.load(spec(0, 5))) {
            Sequence first = stage.open(10);
            stage.open(10);
            assertThat(stage.freeSlots()).isZero();
            assertThatThrownBy(() -> stage.open(10))
                    .isInstanceOf(NoFreeSlotException.class)
                    .hasMessageContaining("2 slots");
            first.close();
            first.close();
            assertThat(stage.freeSlots()).isEqualTo(1);
            assertThatThrownBy(() -> first.forward(new StageInput.Tokens(new int[] {1})))
                    .isInstanceOf(SequenceClosedException.class);
        }
    }

    @Test
    void aFullCacheRefusesRowsAndStaysAsItWas() {
        try (Stage stage = TestStages.load(spec(0, 5));
                Sequence sequence = stage.open(4)) {
            sequence.forward(new StageInput.Tokens(new int[] {1, 2, 3}));
            assertThatThrownBy(() -> sequence.forward(new StageInput.Tokens(new int[] {4, 5})))
                    .isInstanceOf(ContextExceededException.class)
                    .hasMessageContaining("5 tokens are wanted")
                    .hasMessageContaining("room for 4");
            assertThat(sequence.length()).isEqualTo(3);
            assertThat(sequence.forward(new StageInput.Tokens(new int[] {4}))).isInstanceOf(StageOutput.Logits.class);
            assertThatThrownBy(() -> stage.open(1000)).isInstanceOf(ContextExceededException.class);
        }
    }

    @Test
    void inputOfTheWrongKindOrShapeIsRefused() {
        try (Stage first = TestStages.load(spec(0, 2));
                Stage last = TestStages.load(spec(2, 5));
                Sequence start = first.open(8);
                Sequence end = last.open(8)) {
            assertRefused(start, new StageInput.Tokens(new int[] {}), "at least one row");
            assertRefused(start, new StageInput.Tokens(new int[] {997}), "token 997");
            assertRefused(start, new StageInput.Tokens(new int[] {-1}), "token -1");
            assertRefused(start, new StageInput.Activations(ByteBuffer.allocate(576), 1), "takes tokens");
            assertRefused(end, new StageInput.Tokens(new int[] {1}), "only the first stage");
            assertRefused(end, new StageInput.Activations(ByteBuffer.allocate(100), 1), "1 rows take 576");
        }
    }

    @Test
    void closingTheStageEndsItsSequencesEvenWhileTheyRun() throws InterruptedException {
        Stage stage = TestStages.load(spec(0, 5));
        Sequence idle = stage.open(10);
        Sequence busy = stage.open(512);
        CountDownLatch running = new CountDownLatch(1);
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            try {
                while (true) {
                    busy.forward(new StageInput.Tokens(new int[] {1}));
                    running.countDown();
                }
            } catch (EngineException e) {
                end.complete(e);
            }
        });
        running.await();
        stage.close();
        stage.close();
        assertThat(end.join()).isInstanceOfAny(SequenceClosedException.class, ContextExceededException.class);
        assertThatThrownBy(() -> idle.forward(new StageInput.Tokens(new int[] {1})))
                .isInstanceOf(SequenceClosedException.class);
        assertThatThrownBy(() -> stage.open(1)).isInstanceOf(EngineException.class);
    }

    @Test
    void aStageThatTheModelDoesNotHaveIsRefused() {
        assertThatThrownBy(() -> TestStages.load(spec(4, 6)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("endLayer is 6")
                .hasMessageContaining("5 layers");
        assertThatThrownBy(() -> TestStages.load(
                        new StageSpec(checkpoint, 0, 1, List.of(8), 8, 32, 513, 1, 1, folder.resolve("cache"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("contextTokens is 513");
    }

    @Test
    void aSecondNumberOfThreadsInOneProcessIsRefused() {
        TestStages.load(spec(0, 1)).close();
        assertThatThrownBy(() -> TestStages.load(
                        new StageSpec(checkpoint, 0, 1, List.of(8), 8, 32, 64, 1, 3, folder.resolve("cache"))))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("threads is 3");
    }

    private static void assertRefused(Sequence sequence, StageInput input, String why) {
        assertThatThrownBy(() -> sequence.forward(input))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
        assertThat(sequence.length()).isZero();
    }

    private static StageChain chain(int bits, int... borders) {
        return StageChain.load(checkpoint, folder.resolve("cache"), RandomCheckpoint.LAYERS, bits, 512, borders);
    }

    private static StageSpec spec(int firstLayer, int endLayer) {
        return TestStages.atEightBits(checkpoint, folder.resolve("cache"), firstLayer, endLayer);
    }

    private static double relativeError(float[] actual, float[] expected) {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < actual.length; i++) {
            difference += Math.pow(actual[i] - (double) expected[i], 2);
            size += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / size);
    }
}
