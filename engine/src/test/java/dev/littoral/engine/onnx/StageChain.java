package dev.littoral.engine.onnx;

import dev.littoral.engine.Engine;
import dev.littoral.engine.ProgressListener;
import dev.littoral.engine.Sample;
import dev.littoral.engine.Sampler;
import dev.littoral.engine.Sampling;
import dev.littoral.engine.Sequence;
import dev.littoral.engine.Stage;
import dev.littoral.engine.StageInput;
import dev.littoral.engine.StageOutput;
import dev.littoral.engine.StageSpec;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Runs the stages of a model one behind the other in this process. */
final class StageChain implements AutoCloseable {

    private final List<Stage> stages = new ArrayList<>();

    /** Loads stages that meet at the given layers. */
    static StageChain load(Path checkpoint, Path cache, int layers, int bits, int contextTokens, int... borders) {
        return load(new OnnxEngine(), checkpoint, cache, layers, bits, contextTokens, borders);
    }

    /** Loads stages that meet at the given layers with an engine. */
    static StageChain load(
            Engine engine, Path checkpoint, Path cache, int layers, int bits, int contextTokens, int... borders) {
        StageChain chain = new StageChain();
        int from = 0;
        for (int i = 0; i <= borders.length; i++) {
            int to = i < borders.length ? borders[i] : layers;
            StageSpec spec = new StageSpec(
                    checkpoint, from, to, Collections.nCopies(to - from, bits), bits, 32, contextTokens, 2, 1, cache);
            chain.stages.add(engine.load(spec, ProgressListener.NONE));
            from = to;
        }
        return chain;
    }

    Session open(int maxTokens) {
        return new Session(stages.stream().map(stage -> stage.open(maxTokens)).toList());
    }

    @Override
    public void close() {
        stages.forEach(Stage::close);
    }

    /** One sequence through all stages. */
    record Session(List<Sequence> sequences) implements AutoCloseable {

        float[] logits(int... tokens) {
            return logits(1, tokens).getFirst();
        }

        /** Gives the logits of the last rows. */
        List<float[]> logits(int rows, int[] tokens) {
            StageInput input = new StageInput.Tokens(tokens);
            for (Sequence sequence : sequences) {
                switch (sequence.forward(input, rows)) {
                    case StageOutput.Activations out -> input = new StageInput.Activations(out.f32le(), out.rows());
                    case StageOutput.Logits out -> {
                        return IntStream.range(0, out.rows())
                                .mapToObj(row -> TestStages.values(out.row(row)))
                                .toList();
                    }
                }
            }
            throw new AssertionError("no stage gave logits");
        }

        List<Integer> greedy(int[] prompt, int count) {
            return greedy(prompt, count, -1);
        }

        /** Gives tokens up to the stop token, which is left out. */
        List<Integer> greedy(int[] prompt, int count, int stop) {
            Sampler sampler = new Sampler(Sampling.GREEDY);
            List<Integer> tokens = new ArrayList<>();
            float[] row = logits(prompt);
            while (tokens.size() < count) {
                Sample next = sampler.sample(FloatBuffer.wrap(row));
                if (next.token() == stop) {
                    break;
                }
                tokens.add(next.token());
                if (tokens.size() < count) {
                    row = logits(next.token());
                }
            }
            return tokens;
        }

        @Override
        public void close() {
            sequences.forEach(Sequence::close);
        }
    }
}
