package dev.littoral.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.checkpoint.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds every device to the logits of Hugging Face transformers, which golden.py wrote, and to the processor's. */
class DeviceParityIT {

    /** Four and eight bits on the processor round what they multiply to eight bits; halves shift that rounding. */
    private static final double MOST_OF_RANGE_AT_FEW_BITS = 0.04;

    private static final int CHUNK = 5;

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
                    computer.assertAlike(session.logits(expected.prompt()), expected.last());
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
                    computer.assertAlike(last, expected.last());
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
                        double bound = computer.mostOfRange * TestStages.range(row);
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

    private StageChain chain(Computer computer, Golden golden, int bits, int... borders) throws IOException {
        Path checkpoint = golden.checkpoint(folder.resolve("checkpoint"));
        int layers = ModelConfig.read(checkpoint).layers();
        int[] within = IntStream.of(borders).filter(border -> border < layers).toArray();
        return StageChain.load(computer.engine(), checkpoint, folder.resolve("cache"), layers, bits, 512, within);
    }
}
