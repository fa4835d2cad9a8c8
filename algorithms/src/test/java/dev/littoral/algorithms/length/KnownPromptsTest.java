package dev.littoral.algorithms.length;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KnownPromptsTest {

    /** Numbers are kept with eleven bits. */
    private static final double HALF = 2e-3;

    @Test
    void allAtOnceAreAsSimilarAsOneByOne() {
        Random random = new Random(3);
        for (int count : new int[] {0, 1, 7, 100}) {
            List<Similarity.Row> rows =
                    Stream.generate(() -> row(random)).limit(count).toList();
            KnownPrompts known = KnownPrompts.of(rows);
            Similarity.Row prompt = row(random);
            for (double ofCues : new double[] {0, 0.6}) {
                double[] similarities = known.similarities(prompt, ofCues);
                assertThat(similarities).hasSize(count);
                for (int i = 0; i < count; i++) {
                    assertThat(similarities[i])
                            .isCloseTo(Similarity.between(rows.get(i), prompt, ofCues), within(HALF));
                }
            }
        }
    }

    @Test
    void aPromptIsWhollySimilarToItself() {
        Similarity.Row prompt = row(new Random(4));

        assertThat(KnownPrompts.of(List.of(prompt)).similarities(prompt)[0]).isCloseTo(1, within(HALF));
    }

    private static Similarity.Row row(Random random) {
        byte[] steps = new byte[3 * PromptReading.STATE + Cues.size()];
        random.nextBytes(steps);
        float[] numbers = Similarity.scaled(new Features(steps));
        // of a size that real prompts have, so that no similarity is nearly nothing
        float[] smaller = Arrays.copyOf(numbers, numbers.length);
        for (int i = 0; i < smaller.length; i++) {
            smaller[i] *= 0.4f;
        }
        return Similarity.Row.of(smaller);
    }
}
