package dev.littoral.scheduler.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.scheduler.request.Cancellation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionBookTest {

    private static final FinalsWriter NONE = FinalsWriter.unfenced(new NoPublisher());

    private static final PartitionBook.Tenure TENURE = new PartitionBook.Tenure(0, 0, 3);

    private final PartitionBook book = new PartitionBook(TENURE, Progress.startingAt(10), 50, NONE);

    @Test
    void answersOutOfOrderLeaveGapsBehindTheFirstUnansweredOne() {
        for (long offset = 10; offset < 15; offset++) {
            book.read(offset);
        }

        book.done(11);
        book.done(13);

        Progress progress = book.progress();
        assertThat(progress.next()).isEqualTo(10);
        assertThat(progress.end()).isEqualTo(14);
        assertThat(progress.open()).containsExactly(10L, 12L);
    }

    @Test
    void whoeverGoesOnReadsOnlyWhatIsNotAnswered() {
        Progress before = new Progress(
                10, 14, new TreeSet<>(List.of(10L, 12L)), new TreeMap<>(Map.of(0, 50L)), 5, Optional.empty());
        PartitionBook next = new PartitionBook(TENURE, before, 60, NONE);

        assertThat(next.read(10)).isTrue();
        assertThat(next.read(11)).isFalse();
        assertThat(next.read(12)).isTrue();
        assertThat(next.read(13)).isFalse();
        assertThat(next.read(14)).isTrue();
        assertThat(next.progress().since()).isEqualTo(5);
    }

    @Test
    void everyAttemptIsNumberedAboveThoseBeforeIt() {
        PartitionBook.Tenure later = new PartitionBook.Tenure(0, 0, 4);
        PartitionBook.Entry entry = book.entry(10);
        long first = entry.firstAttempt();

        entry.left();
        long again = entry.firstAttempt();
        long elsewhere =
                new PartitionBook(later, book.progress(), 50, NONE).entry(10).firstAttempt();

        assertThat(again).isGreaterThanOrEqualTo(first + KafkaAnswer.MOST_ATTEMPTS);
        assertThat(elsewhere).isGreaterThanOrEqualTo(again + KafkaAnswer.MOST_ATTEMPTS);
    }

    @Test
    void aFinalOnItsWayHoldsBackWhereAnswersAreReadFrom() {
        book.read(10);
        book.read(11);
        PartitionBook.Entry slow = book.entry(10);
        PartitionBook.Entry quick = book.entry(11);
        slow.ends();
        quick.ends();

        quick.written(OptionalLong.of(52));
        assertThat(book.progress().answersFrom()).containsExactly(Map.entry(0, 50L));
        slow.written(OptionalLong.of(51));

        assertThat(book.progress().answersFrom()).containsExactly(Map.entry(0, 53L));
    }

    @Test
    void whatWasRecoveredIsReadBackUntilAllItsRequestsAreDone() {
        AtomicInteger settled = new AtomicInteger();
        // of whoever was here before, in two partitions of the answers: the topic has others now
        book.recovered(12, Map.of(0, 40L, 3, 7L), settled::incrementAndGet);
        book.read(10);
        book.read(11);

        book.done(10);
        assertThat(book.progress().answersFrom()).containsExactly(Map.entry(0, 40L), Map.entry(3, 7L));
        assertThat(settled).hasValue(0);
        book.done(11);

        assertThat(book.progress().answersFrom()).containsExactly(Map.entry(0, 50L));
        assertThat(book.progress().answersFrom()).containsExactly(Map.entry(0, 50L));
        assertThat(settled).hasValue(1);
    }

    @Test
    void whatIsRecoveredMeanwhileBelongsToWhatWasReadHere() {
        book.read(10);
        book.read(11);
        book.recovered(Map.of(0, 45L), () -> {});
        book.read(12);

        book.done(10);
        assertThat(book.progress().answersFrom()).containsExactly(Map.entry(0, 45L));
        book.done(11);

        assertThat(book.progress().answersFrom()).containsExactly(Map.entry(0, 50L));
    }

    @Test
    void aPartitionThatIsGivenUpStopsItsRequestsWithoutAFinal() throws Exception {
        book.read(10);
        PartitionBook.Entry entry = book.entry(10);
        Cancellation cancellation = new Cancellation();
        entry.runs(cancellation);

        book.close(Duration.ofSeconds(5));

        assertThat(cancellation.cancelled()).isTrue();
        assertThat(entry.ends()).isFalse();
        assertThat(book.progress().next()).isEqualTo(10);
    }

    @Test
    void aPartitionIsGivenUpOnlyWhenItsFinalsAreWritten() {
        book.read(10);
        PartitionBook.Entry entry = book.entry(10);
        entry.ends();
        CompletableFuture<Void> closed = CompletableFuture.runAsync(() -> {
            try {
                book.close(Duration.ofSeconds(30));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        await().during(Duration.ofMillis(100)).until(() -> !closed.isDone());

        entry.written(OptionalLong.of(51));

        closed.join();
        assertThat(book.progress().next()).isEqualTo(11);
    }

    /** However a scheduler dies, its successor finds every final either in the commit or behind {@code answersFrom}. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void noFinalIsUnknownToTheCommitAndBeforeTheTail(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<Long, PartitionBook.Entry> running = new TreeMap<>();
        Map<Long, PartitionBook.Entry> ending = new TreeMap<>();
        Map<Long, Long> finals = new TreeMap<>();
        long read = 10;
        long answers = 50;
        for (int step = 0; step < 2000; step++) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    book.read(read);
                    running.put(read, book.entry(read));
                    read++;
                }
                case 1 -> {
                    if (!running.isEmpty()) {
                        long offset = pick(running, random);
                        PartitionBook.Entry entry = Objects.requireNonNull(running.remove(offset));
                        entry.ends();
                        ending.put(offset, entry);
                        // the broker has it from now on, but this scheduler has not heard so
                        finals.put(offset, answers++);
                    }
                }
                case 2 -> {
                    if (!ending.isEmpty()) {
                        long offset = pick(ending, random);
                        long at = Objects.requireNonNull(finals.get(offset));
                        Objects.requireNonNull(ending.remove(offset)).written(OptionalLong.of(at));
                    }
                }
                default -> {
                    Progress progress =
                            Progress.of(book.progress().next(), book.progress().metadata(), 0);
                    long from = progress.answersFrom().getOrDefault(0, 0L);
                    assertThat(finals.entrySet())
                            .allMatch(each -> progress.answered(each.getKey()) || each.getValue() >= from);
                    assertThat(running.keySet()).noneMatch(progress::answered);
                }
            }
        }
    }

    private static long pick(Map<Long, ?> from, SplittableRandom random) {
        return from.keySet().stream()
                .skip(random.nextInt(from.size()))
                .findFirst()
                .orElseThrow();
    }

    private static final class NoPublisher implements Publisher {

        @Override
        public CompletableFuture<OptionalLong> response(Outgoing outgoing) {
            throw new UnsupportedOperationException("nothing is written here");
        }

        @Override
        public CompletableFuture<OptionalLong> deadLetter(Outgoing outgoing) {
            throw new UnsupportedOperationException("nothing is written here");
        }
    }
}
