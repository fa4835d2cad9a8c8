package dev.littoral.scheduler.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressTest {

    @ParameterizedTest
    @MethodSource("randomProgress")
    void whatIsCommittedIsReadBack(Progress progress) {
        assertThat(Progress.of(progress.next(), progress.metadata())).isEqualTo(progress);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1 - 0 3",
                "2 a b",
                "2",
                "2 x",
                "2 - !",
                "2 - 0 !",
                "2 ! 0 3",
                "2 - ! 3",
                "2 - 0 3 ?",
                "2 - 0 3 0:",
                "2 - 0 3 0:0",
                "2 - 0 3 0:zzzzzz",
                "2 - 0 3 0:1:1"
            })
    void metadataThatIsNotOursAnswersEverythingFromThere(String metadata) {
        Progress progress = Progress.of(7, metadata);

        assertThat(progress.answered(6)).isTrue();
        assertThat(progress.answered(7)).isFalse();
        assertThat(progress.answersFrom()).isEmpty();
        assertThat(progress.since()).isEqualTo(7);
    }

    @Test
    void manyNeighboursThatAreOpenAreOneWord() {
        TreeSet<Long> open = LongStream.range(100, 8100).boxed().collect(Collectors.toCollection(TreeSet::new));
        Progress progress = new Progress(100, 8101, open, OptionalLong.of(5), 0);

        assertThat(progress.metadata()).isEqualTo("2 5 2s 669 0:" + Long.toString(8000, 36));
        assertThat(Progress.of(100, progress.metadata())).isEqualTo(progress);
    }

    @Test
    void whatWasCommittedWordByWordIsStillRead() {
        assertThat(Progress.of(7, "2 - 0 4 0 1 2").open()).containsExactly(7L, 8L, 9L);
    }

    @Test
    void asManyRunsAsAreLetWaitFitIntoACommit() {
        TreeSet<Long> open = LongStream.range(0, SourceQueue.MOST_RUNS)
                .flatMap(each -> LongStream.of(40_000 + 30 * each, 40_001 + 30 * each))
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
        Progress progress = new Progress(0, 1_000_000, open, OptionalLong.of(5), 0);

        assertThat(Progress.of(0, progress.metadata())).isEqualTo(progress);
    }

    @Test
    void moreGapsThanACommitHoldsForgetOnlyWhatLiesBehind() {
        TreeSet<Long> gaps =
                LongStream.range(0, 5000).map(each -> 2 * each).boxed().collect(Collectors.toCollection(TreeSet::new));
        Progress progress = new Progress(0, 10_000, gaps, OptionalLong.of(5), 0);

        Progress back = Progress.of(0, progress.metadata());

        assertThat(progress.metadata()).hasSizeLessThan(4096);
        assertThat(back.end()).isBetween(1000L, 9999L);
        assertThat(LongStream.range(0, back.end()).filter(back::answered)).allMatch(each -> each % 2 == 1);
        assertThat(back.answered(back.end())).isFalse();
    }

    static List<Progress> randomProgress() {
        SplittableRandom random = new SplittableRandom(42);
        return Stream.generate(() -> random(random)).limit(200).toList();
    }

    private static Progress random(SplittableRandom random) {
        long next = random.nextLong(1L << random.nextInt(1, 60));
        TreeSet<Long> open = IntStream.range(0, random.nextInt(40))
                .mapToObj(each -> next + random.nextInt(1000))
                .collect(Collectors.toCollection(TreeSet::new));
        OptionalLong from = random.nextBoolean() ? OptionalLong.of(random.nextLong(1L << 50)) : OptionalLong.empty();
        return new Progress(next, next + 1000 + random.nextInt(5), open, from, random.nextLong(next + 1));
    }
}
