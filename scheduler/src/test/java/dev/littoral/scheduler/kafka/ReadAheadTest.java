package dev.littoral.scheduler.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ReadAheadTest {

    private final ReadAhead<String> ahead = new ReadAhead<>(new ReadAhead.Bounds(30, 3000));

    @Test
    void sourcesTakeTurns() {
        LongStream.range(0, 3).forEach(each -> add("p", each, 0));
        LongStream.range(0, 3).forEach(each -> add("q", each, 0));

        assertThat(all()).containsExactly("p0", "q0", "p1", "q1", "p2", "q2");
    }

    @Test
    void theLargestPriorityOfAllSourcesGoesFirst() {
        LongStream.range(0, 3).forEach(each -> add("p", each, -10));
        add("q", 0, -10);
        add("q", 1, 10);
        add("p", 3, 5);

        assertThat(all()).containsExactly("q1", "p3", "q0", "p0", "p1", "p2");
    }

    @Test
    void whereThereIsNoRoomAnotherSourceGoes() {
        add("p", 0, 10);
        add("q", 0, -10);

        assertThat(ahead.next(place -> place.source().equals("q")).map(SourceQueue.Waiting::request))
                .contains("q0");
    }

    @Test
    void aSourceIsFullWithItsShareUntilHalfOfItIsLeft() {
        Set<String> two = Set.of("p", "q");
        // 30 / (2 + 1) = 10
        LongStream.range(0, 9).forEach(each -> add("p", each, 0));
        assertThat(ahead.look(two)).isFalse();
        add("p", 9, 0);

        assertThat(ahead.look(two)).isTrue();
        assertThat(ahead.full("p")).isTrue();
        assertThat(ahead.full("q")).isFalse();
        assertThat(ahead.wanted(two)).isTrue();
        assertThat(ahead.wanted(Set.of("p"))).isFalse();
        LongStream.range(0, 5).forEach(each -> next());
        ahead.look(two);
        assertThat(ahead.full("p")).isTrue();
        next();
        assertThat(ahead.look(two)).isTrue();
        assertThat(ahead.full("p")).isFalse();
    }

    @Test
    void bytesMakeASourceFull() {
        ahead.add(new Place("p", 0, 0, 1500), "long");

        ahead.look(Set.of("p"));

        assertThat(ahead.full("p")).isTrue();
    }

    @Test
    void nothingIsWantedBeyondTheBoundOfAllSources() {
        Set<String> two = Set.of("p", "q");
        LongStream.range(0, 30).forEach(each -> add("p", each, 0));
        ahead.look(two);

        assertThat(ahead.wanted(two)).isFalse();
    }

    @Test
    void whatWasReadOfASourceThatWentIsDropped() {
        add("p", 0, 0);
        add("q", 0, 0);

        ahead.look(Set.of("q"));

        assertThat(all()).containsExactly("q0");
    }

    @Test
    void whatACommitCouldNotNameGoesInTheOrderOfItsOffsets() {
        // every other offset is answered: each is a run of its own
        LongStream.rangeClosed(0, SourceQueue.MOST_RUNS).forEach(each -> add("p", 2 * each, -10));
        long urgent = 2L * SourceQueue.MOST_RUNS + 2;
        add("p", urgent, 10);

        assertThat(next()).contains("p0");
        ahead.end(new Place("p", 0, -10, 100));
        assertThat(next()).contains("p2");
        ahead.end(new Place("p", 2, -10, 100));
        // no more runs now than a commit names
        assertThat(next()).contains("p" + urgent);
    }

    @Test
    void neighboursAreOneRun() {
        LongStream.rangeClosed(0, 2L * SourceQueue.MOST_RUNS).forEach(each -> add("p", each, -10));
        long urgent = 2L * SourceQueue.MOST_RUNS + 1;
        add("p", urgent, 10);

        assertThat(next()).contains("p" + urgent);
    }

    private void add(String source, long offset, int priority) {
        ahead.add(new Place(source, offset, priority, 100), source + offset);
    }

    private Optional<String> next() {
        return ahead.next(place -> true).map(SourceQueue.Waiting::request);
    }

    private List<String> all() {
        List<String> all = new ArrayList<>();
        for (Optional<String> next = next(); next.isPresent(); next = next()) {
            all.add(next.orElseThrow());
        }
        return all;
    }
}
