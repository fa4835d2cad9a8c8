package dev.littoral.sandbox.apiserver.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The oracle is a flat set of the paths as text. */
class FieldSetTest {

    record Pair(FieldSet a, FieldSet b) {}

    static Stream<Pair> randomPairs() {
        SplittableRandom random = new SplittableRandom(42);
        return Stream.generate(() -> new Pair(random(random, 4), random(random, 4)))
                .limit(300);
    }

    private static FieldSet random(SplittableRandom random, int depth) {
        FieldSet.Builder set = new FieldSet.Builder();
        for (int i = random.nextInt(4); i > 0; i--) {
            PathElement element = random.nextBoolean()
                    ? PathElement.field("abc".charAt(random.nextInt(3)) + "")
                    : new PathElement("k:{\"name\":\"" + random.nextInt(3) + "\"}");
            if (random.nextInt(3) > 0) {
                set.add(element);
            }
            if (depth > 0) {
                set.add(element, random(random, depth - 1));
            }
        }
        return set.build();
    }

    @ParameterizedTest
    @MethodSource("randomPairs")
    void aUnionHoldsThePathsOfBoth(Pair pair) {
        TreeSet<String> expected = new TreeSet<>(pair.a().shown());
        expected.addAll(pair.b().shown());

        assertThat(new TreeSet<>(pair.a().union(pair.b()).shown())).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("randomPairs")
    void aDifferenceHoldsThePathsOfTheFirstAlone(Pair pair) {
        TreeSet<String> expected = new TreeSet<>(pair.a().shown());
        pair.b().shown().forEach(expected::remove);

        assertThat(new TreeSet<>(pair.a().minus(pair.b()).shown())).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("randomPairs")
    void anIntersectionHoldsThePathsThatBothHave(Pair pair) {
        TreeSet<String> expected = new TreeSet<>(pair.a().shown());
        expected.retainAll(pair.b().shown());

        assertThat(new TreeSet<>(pair.a().intersect(pair.b()).shown())).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("randomPairs")
    void whatWasWrittenReadsTheSame(Pair pair) {
        assertThat(FieldSet.fromJson(pair.a().toJson())).isEqualTo(pair.a());
    }
}
