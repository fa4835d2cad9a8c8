package dev.littoral.algorithms.length;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Seeded prompts whose log length is known: 5 plus a factor that shows in their states. */
final class Planted {

    private static final int VISIBLE = 40;

    final List<PromptReading> readings;
    final double[] factors;

    Planted(int prompts, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        factors = IntStream.range(0, prompts)
                .mapToDouble(i -> random.nextGaussian())
                .toArray();
        readings = Arrays.stream(factors)
                .mapToObj(factor -> new PromptReading(
                        states(factor, random), states(factor, random), states(factor, random), new float[Cues.size()]))
                .toList();
    }

    WarmFactor warm() {
        return warm(List.of());
    }

    WarmFactor warm(List<WarmTraining.Guess> guesses) {
        double[][] lengths = Arrays.stream(factors)
                .mapToObj(factor -> new double[] {5 + 0.6 * factor, 5.5 + 0.5 * factor})
                .toArray(double[][]::new);
        return WarmTraining.train(readings, new long[readings.size()], lengths, guesses, 1);
    }

    Question question(WarmFactor warm, int prompt) {
        return new Question("", 10, Optional.of(warm.probe(readings.get(prompt))));
    }

    private static float[] states(double factor, SplittableRandom random) {
        float[] states = new float[PromptReading.STATE];
        for (int i = 0; i < states.length; i++) {
            states[i] = (float) ((i < VISIBLE ? factor : 0) + 0.5 * random.nextGaussian());
        }
        return states;
    }
}
