package dev.littoral.engine.onnx;

import dev.littoral.engine.ProgressListener;
import dev.littoral.engine.Sequence;
import dev.littoral.engine.Stage;
import dev.littoral.engine.StageInput;
import dev.littoral.engine.StageOutput;
import dev.littoral.engine.StageSpec;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/** Loads stages at 32 bits on one thread and steps sequences through them. */
final class TestStages {

    private TestStages() {}

    static Stage load(Path checkpoint, Path cache, int firstLayer, int endLayer, int slots) {
        List<Integer> bits = Collections.nCopies(endLayer - firstLayer, 32);
        StageSpec spec = new StageSpec(checkpoint, firstLayer, endLayer, bits, 32, 32, 512, slots, 1, cache);
        return load(spec);
    }

    /** Asks for layers at eight bits with a head of as many, for two sequences of 512 tokens. */
    static StageSpec atEightBits(Path checkpoint, Path cache, int firstLayer, int endLayer) {
        List<Integer> bits = Collections.nCopies(endLayer - firstLayer, 8);
        return new StageSpec(checkpoint, firstLayer, endLayer, bits, 8, 32, 512, 2, 1, cache);
    }

    static Stage load(StageSpec spec) {
        return new OnnxEngine().load(spec, ProgressListener.NONE);
    }

    /** Runs tokens through one sequence in all stages; gives the logits of the last. */
    static float[] forward(List<Sequence> sequences, int... tokens) {
        StageInput input = new StageInput.Tokens(tokens);
        for (Sequence sequence : sequences) {
            switch (sequence.forward(input)) {
                case StageOutput.Activations(var hidden, int rows) -> input = new StageInput.Activations(hidden, rows);
                case StageOutput.Logits logits -> {
                    return values(logits.lastRow());
                }
            }
        }
        throw new AssertionError("no stage gave logits");
    }

    static float[] values(FloatBuffer row) {
        float[] values = new float[row.remaining()];
        row.get(values);
        return values;
    }

    static int argmax(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }

    /** Gives the largest difference as a share of the range of what is expected. */
    static double largestOfRange(float[] actual, float[] expected) {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        float difference = 0;
        for (int i = 0; i < expected.length; i++) {
            min = Math.min(min, expected[i]);
            max = Math.max(max, expected[i]);
            difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
        }
        return difference / (double) (max - min);
    }

    /** Gives how far the largest is from the least. */
    static double range(float[] row) {
        float min = row[0];
        float max = row[0];
        for (float logit : row) {
            min = Math.min(min, logit);
            max = Math.max(max, logit);
        }
        return max - min;
    }
}
