package dev.littoral.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.littoral.engine.EngineException;
import dev.littoral.engine.Penalties;
import dev.littoral.engine.Sample;
import dev.littoral.engine.Sampler;
import dev.littoral.engine.Sampling;
import dev.littoral.engine.StageOutput;
import dev.littoral.engine.ort.DeviceSession;
import dev.littoral.engine.ort.HostDevice;
import dev.littoral.engine.ort.NativeRuntime;
import dev.littoral.engine.ort.SessionBinding;
import dev.littoral.engine.ort.TensorType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Choices by what the graph tells of logits beside those by a look at all of them. */
class SummaryNodesIT {

    private static final int ROWS = 3;

    @TempDir
    private Path folder;

    private final NativeRuntime runtime = OrtRuntime.with(1).binding();

    @ParameterizedTest
    // one block, of the whole vocabulary; 250 of 4; 128 of 1187
    @CsvSource({
        "997, 3, 0",
        "997, 0.01, -40",
        "1, 1, 5",
        "1000, 3, 20",
        "1000, 30, 0",
        "1000, 0, 7",
        "151936, 3, -12",
        "151936, 8, 20"
    })
    void whatIsToldIsWhatALookAtAllLogitsGives(int vocabulary, float deviation, float mean) throws IOException {
        SplittableRandom random = new SplittableRandom(vocabulary);
        float[] logits = new float[ROWS * vocabulary];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) random.nextGaussian(mean, deviation);
        }
        StageOutput.Logits output = run(logits);
        for (int row = 0; row < ROWS; row++) {
            Sample told = new Sampler(Sampling.GREEDY).sample(output, row);
            Sample looked = new Sampler(Sampling.GREEDY).sample(output.row(row));
            assertThat(told.token()).isEqualTo(looked.token());
            assertThat(told.logprob()).isCloseTo(looked.logprob(), within(1e-6));
            assertThat(told.margin()).isCloseTo(looked.margin(), within(1e-6));
            assertThat(told.likeliestProbability()).isCloseTo(looked.likeliestProbability(), within(1e-6));
            assertThat(told.entropyNats()).isCloseTo(looked.entropyNats(), within(1e-5));
        }
    }

    @ParameterizedTest
    @CsvSource({"997, 3, 990", "1000, 3, 990", "1000, 0, 1", "1000, 8, 11", "151936, 1000, 1001", "151936, 7, 151935"})
    void ofEqualLogitsTheFirstIsTakenWhereverTheyStand(int vocabulary, int first, int second) throws IOException {
        float[] logits = new float[ROWS * vocabulary];
        for (int row = 0; row < ROWS; row++) {
            logits[row * vocabulary + first] = 9;
            logits[row * vocabulary + second] = 9;
        }
        StageOutput.Logits output = run(logits);
        for (int row = 0; row < ROWS; row++) {
            Sample told = new Sampler(Sampling.GREEDY).sample(output, row);
            assertThat(told.token()).isEqualTo(first);
            assertThat(told.margin()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void aDamagedLogitAnywhereIsRefusedByItsToken(float damaged) throws IOException {
        for (int vocabulary : new int[] {997, 1000, 151_936}) {
            for (int token : new int[] {0, 1, 7, 500, vocabulary - 1}) {
                float[] logits = new float[ROWS * vocabulary];
                logits[3] = 400; // far above all others, whose weights are nothing
                logits[vocabulary + token] = damaged;
                StageOutput.Logits output = run(logits);
                for (Sampling sampling : new Sampling[] {Sampling.GREEDY, any(1)}) {
                    assertThatThrownBy(() -> new Sampler(sampling).sample(output, 1))
                            .isInstanceOf(EngineException.class)
                            .hasMessageContaining("the logit of token " + token + " is " + damaged);
                    assertThat(new Sampler(Sampling.GREEDY).sample(output, 0).token())
                            .isEqualTo(3);
                }
            }
        }
    }

    @Test
    void logitsOfTheLargestSizeAreNotTakenForDamagedOnes() throws IOException {
        float[] logits = new float[ROWS * 1000];
        logits[500] = Float.MAX_VALUE;
        logits[501] = -Float.MAX_VALUE;
        Sample told = new Sampler(Sampling.GREEDY).sample(run(logits), 0);
        assertThat(told.token()).isEqualTo(500);
        assertThat(told.entropyNats()).isZero();
    }

    @Test
    void tokensAreDrawnAsOftenAsTheyAreLikely() throws IOException {
        float[] logits = new float[ROWS * 1000];
        Arrays.fill(logits, -200);
        logits[0] = (float) Math.log(4);
        logits[1] = (float) Math.log(2);
        logits[500] = 0;
        logits[999] = 0;
        StageOutput.Logits output = run(logits);
        Sampler sampler = new Sampler(any(1));
        double[] seen = new double[1000];
        for (int i = 0; i < 40_000; i++) {
            seen[sampler.sample(output, 0).token()] += 1.0 / 40_000;
        }
        // four standard deviations: 4 * sqrt(0.25 / 40000) = 0.01
        assertThat(seen[0]).isCloseTo(0.5, within(0.01));
        assertThat(seen[1]).isCloseTo(0.25, within(0.01));
        assertThat(seen[500]).isCloseTo(0.125, within(0.01));
        assertThat(seen[0] + seen[1] + seen[500] + seen[999]).isCloseTo(1, within(1e-9));
    }

    @Test
    void oneSeedDrawsAlikeWithAndWithoutWhatIsTold() throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        float[] logits = new float[ROWS * 1000];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) random.nextGaussian(0, 2);
        }
        StageOutput.Logits output = run(logits);
        for (Sampling sampling : new Sampling[] {
            any(1),
            any(0.7),
            new Sampling(1, 0.9, 0, OptionalLong.of(3)),
            new Sampling(1, 1, 40, OptionalLong.of(3)),
            new Sampling(1, 1, 0, 0, new Penalties(1.1, 0.5, 0.5), Map.of(3, 4.0), 5, OptionalLong.of(3)),
            new Sampling(0, 1, 0, 0, Penalties.NONE, Map.of(), 20, OptionalLong.of(3))
        }) {
            Sampler told = new Sampler(sampling);
            Sampler looked = new Sampler(sampling);
            for (int i = 0; i < 200; i++) {
                Sample of = told.sample(output, i % ROWS);
                Sample all = looked.sample(output.row(i % ROWS));
                assertThat(of.token()).isEqualTo(all.token());
                assertThat(of.logprob()).isCloseTo(all.logprob(), within(1e-6));
                assertThat(of.likeliest()).hasSameSizeAs(all.likeliest());
            }
        }
    }

    private static Sampling any(double temperature) {
        return new Sampling(temperature, 1, 0, OptionalLong.of(11));
    }

    /** Runs a graph that passes logits on. */
    private StageOutput.Logits run(float[] logits) throws IOException {
        int vocabulary = logits.length / ROWS;
        OnnxGraph graph = new OnnxGraph("");
        graph.input("given", OnnxGraph.Type.FLOAT, "sequences", "logit_rows", vocabulary);
        graph.node(OnnxGraph.ONNX, "Identity", List.of("given"), List.of("logits"));
        graph.output("logits", OnnxGraph.Type.FLOAT, "sequences", "logit_rows", vocabulary);
        new SummaryNodes(graph).add(vocabulary);
        Path model = Files.write(folder.resolve(vocabulary + ".onnx"), graph.bytes());
        try (DeviceSession session = runtime.open(model, HostDevice.plain(), 1);
                Arena arena = Arena.ofConfined()) {
            var tensors = runtime.tensors(HostDevice.plain(), arena);
            LogitBuffers buffers = new LogitBuffers(tensors, vocabulary, 1, arena);
            SessionBinding binding = session.bind(arena);
            MemorySegment given = arena.allocateFrom(ValueLayout.JAVA_FLOAT, logits);
            binding.input("given", tensors.over(given, arena, TensorType.FLOAT, 1, ROWS, vocabulary));
            buffers.apart(1, ROWS, arena).forEach(binding::output);
            binding.run();
            StageOutput.Logits output = buffers.copied(ROWS);
            return output;
        }
    }
}
