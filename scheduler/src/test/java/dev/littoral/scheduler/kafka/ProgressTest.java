package dev.littoral.scheduler.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressTest {

    private static final Optional<Uuid> THIS = Optional.of(new Uuid(1, 2));
    private static final Optional<Uuid> OTHER = Optional.of(new Uuid(3, 4));

    @ParameterizedTest
    @MethodSource("randomProgress")
    void whatIsCommittedIsReadBack(Progress progress) {
        assertThat(Progress.of(progress.next(), progress.metadata(), 7)).isEqualTo(progress);
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
                "4 - - 0 3",
                "3 - - 0",
                "3 - - 0 !",
                "3 - - ! 3",
                "3 - 5 0 3",
                "3 - 0:! 0 3",
                "3 - !:0 0 3",
                "3 - 0:1, 0 3",
                "2 - 0 3 0:",
                "3 - - 0 3 0:0",
                "3 - - 0 3 0:zzzzzz",
                "3 - - 0 3 0:1:1",
                "3 ! - 0 3",
                "3 - - 0 3 ?"
            })
    void metadataThatIsNotOursAnswersEverythingFromThere(String metadata) {
        Progress progress = Progress.of(7, metadata, 0);

        assertThat(progress.answered(6)).isTrue();
        assertThat(progress.answered(7)).isFalse();
        assertThat(progress.answersFrom()).isEmpty();
        assertThat(progress.topic()).isEmpty();
        assertThat(progress.since()).isEqualTo(7);
    }

    @Test
    void asManyRunsAsAreLetWaitFitIntoACommit() {
        TreeSet<Long> open = LongStream.range(0, SourceQueue.MOST_RUNS)
                .flatMap(each -> LongStream.of(40_000 + 30 * each, 40_001 + 30 * each))
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
        Progress progress = new Progress(0, 1_000_000, open, places(Map.of(3, 5L)), 0, Optional.empty());

        assertThat(Progress.of(0, progress.metadata(), 0)).isEqualTo(progress);
    }

    @Test
    void aCommitOfTheVersionBeforeMeansThePartitionOfTheAnswersThatItsRequestsHave() {
        // 36 is "10", 7 - 2 = 5 offsets in front, 4 behind, of which the third (9) is not answered
        assertThat(Progress.of(7, "2 10 5 4 2", 3))
                .isEqualTo(new Progress(7, 11, gaps(9), places(Map.of(3, 36L)), 2, Optional.empty()));
        assertThat(Progress.of(7, "2 - 0 0", 3)).isEqualTo(Progress.startingAt(7));
    }

    @Test
    void moreGapsThanACommitHoldsForgetOnlyWhatLiesBehind() {
        TreeSet<Long> gaps =
                LongStream.range(0, 5000).map(each -> 2 * each).boxed().collect(Collectors.toCollection(TreeSet::new));
        Progress progress = new Progress(0, 10_000, gaps, places(Map.of(0, 5L)), 0, THIS);

        Progress back = Progress.of(0, progress.metadata(), 0);

        assertThat(progress.metadata()).hasSizeLessThan(4096);
        assertThat(back.end()).isBetween(1000L, 9999L);
        assertThat(LongStream.range(0, back.end()).filter(back::answered)).allMatch(each -> each % 2 == 1);
        assertThat(back.answered(back.end())).isFalse();
    }

    @Test
    void manyNeighboursThatAreOpenAreOneWord() {
        TreeSet<Long> open = LongStream.range(100, 8100).boxed().collect(Collectors.toCollection(TreeSet::new));
        Progress progress = new Progress(100, 8101, open, places(Map.of(0, 5L)), 0, Optional.empty());

        assertThat(progress.metadata()).isEqualTo("3 - 0:5 2s 669 0:" + Long.toString(8000, 36));
        assertThat(Progress.of(100, progress.metadata(), 0)).isEqualTo(progress);
    }

    @Test
    void aCommitHoldsAllGapsOfWhatMayBeInFlight() {
        long next = 1L << 50;
        // the longest words of six digits in base 36
        TreeSet<Long> gaps = LongStream.range(0, 512)
                .map(each -> next + 2_000_000_000L + 2 * each)
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
        Progress progress =
                new Progress(next, next + 2_100_000_000L, gaps, places(Map.of(99, next, 100, next)), 0, THIS);

        assertThat(progress.metadata()).hasSizeLessThan(4096);
        assertThat(Progress.of(next, progress.metadata(), 0)).isEqualTo(progress);
    }

    @Test
    void whatRetentionTookAwayIsNotWaitedFor() {
        Progress before = new Progress(2, 12, gaps(2, 5, 9), places(Map.of(0, 4L)), 1, THIS);

        Progress progress = before.goingOn(THIS, 6, 20);

        assertThat(progress).isEqualTo(new Progress(6, 12, gaps(9), places(Map.of(0, 4L)), 1, THIS));
        assertThat(before.goingOn(THIS, 15, 20))
                .isEqualTo(new Progress(15, 15, gaps(), places(Map.of(0, 4L)), 1, THIS));
        assertThat(before.goingOn(THIS, 0, 20)).isEqualTo(before);
    }

    @Test
    void ofATopicThatWasMadeAnewNothingIsAnswered() {
        Progress before = new Progress(5, 5, gaps(), places(Map.of(0, 4L)), 0, THIS);

        // longer than the one before by now: offsets alone do not tell
        assertThat(before.isOfAnother(OTHER)).isTrue();
        assertThat(before.goingOn(OTHER, 0, 8)).isEqualTo(Progress.startingAt(0).in(OTHER));
        assertThat(before.isOfAnother(THIS)).isFalse();
        assertThat(before.isOfAnother(Optional.empty())).isFalse();
    }

    @Test
    void ofATopicWhoseIdNobodyNotedThatIsShorterThanItWasNothingIsAnswered() {
        Progress before = Progress.of(5, "2 - 0 0", 0);

        assertThat(before.goingOn(THIS, 0, 3)).isEqualTo(Progress.startingAt(0).in(THIS));
        assertThat(before.goingOn(THIS, 0, 5)).isEqualTo(Progress.startingAt(5).in(THIS));
    }

    @Test
    void aLogThatLostItsEndIsReadFromWhereItEnds() {
        Progress before = new Progress(5, 12, gaps(7, 9), places(Map.of()), 0, THIS);

        assertThat(before.goingOn(THIS, 0, 8)).isEqualTo(new Progress(5, 8, gaps(7), places(Map.of()), 0, THIS));
    }

    private static SortedSet<Long> gaps(long... offsets) {
        return LongStream.of(offsets).boxed().collect(Collectors.toCollection(TreeSet::new));
    }

    private static SortedMap<Integer, Long> places(Map<Integer, Long> places) {
        return new TreeMap<>(places);
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
        SortedMap<Integer, Long> from = new TreeMap<>();
        IntStream.range(0, random.nextInt(3)).forEach(each -> from.put(random.nextInt(100), random.nextLong(1L << 50)));
        Optional<Uuid> topic =
                random.nextBoolean() ? Optional.of(new Uuid(random.nextLong(), random.nextLong())) : Optional.empty();
        return new Progress(next, next + 1000 + random.nextInt(5), open, from, random.nextLong(next + 1), topic);
    }
}
