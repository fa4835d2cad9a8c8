package dev.littoral.scheduler.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.littoral.algorithms.routing.Work;
import dev.littoral.protocol.events.WaitingTelemetry;
import dev.littoral.scheduler.fleet.HeldRequest;
import dev.littoral.scheduler.fleet.Slots;
import dev.littoral.scheduler.peers.WaitingBoard.Heard;
import dev.littoral.scheduler.request.Cancellation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WaitingBoardTest {

    private static final double NEVER = Double.POSITIVE_INFINITY;

    private double now = 100;
    private final WaitingBoard board = new WaitingBoard("self", () -> now, Duration.ofSeconds(1));

    @Test
    void whatAnotherTellsCountsUntilItTellsSomethingElse() {
        assertThat(board.heard(record("other", 1, 2))).isEqualTo(Heard.Taken);
        assertThat(digests()).containsExactly(1L, 2L);
        assertThat(board.waiting("default/unknown")).isEmpty();

        board.heard(record("other", 2, 3));
        assertThat(digests()).containsExactly(2L, 3L);

        board.heard(new WaitingTelemetry("other", Map.of()));
        assertThat(digests()).isEmpty();
        assertThat(board.any()).isFalse();
    }

    @Test
    void itLosesForceWithAgeTheLeastPressingFirst() {
        board.heard(record("other", 1, 2, 3, 4));

        now = 100.5;
        assertThat(digests()).containsExactly(1L, 2L, 3L, 4L);
        now = 100.75;
        assertThat(digests()).containsExactly(1L, 2L);
        now = 100.99;
        assertThat(digests()).containsExactly(1L);
        now = 101;
        assertThat(digests()).isEmpty();
        assertThat(board.waiting()).isZero();
    }

    @Test
    void whatIsTooOldIsForgottenWhoeverAsks() {
        board.heard(record("other", 1, 2));
        assertThat(board.any()).isTrue();

        now = 101;
        assertThat(board.any()).isFalse();
        board.heard(record("other", 1, 2));
        now = 102.5;
        // nothing that was told before it left is known any more
        board.came(1);
        board.left(1);
        board.heard(record("other", 1, 2));
        assertThat(digests()).containsExactly(1L, 2L);
    }

    @Test
    void ageCountsFromWhenItWasHeardWhateverTheSendersClockShows() {
        board.heard(WaitingRecords.told(
                "other", 9e9, Map.of(Held.TINY, List.of(Held.request(1, 9e9 - 3, 9e9 + 60, 10))), 8));

        HeldRequest heard = board.waiting(Held.TINY).getFirst();

        assertThat(heard.request().arrivalSeconds()).isEqualTo(97);
        assertThat(heard.request().deadlineSeconds()).isEqualTo(160);
    }

    @Test
    void aRequestWhoseDeadlinePassedCountsNoMore() {
        board.heard(WaitingRecords.told("other", 0, Map.of(Held.TINY, List.of(Held.request(1, 0, 0.2, 10))), 8));

        assertThat(digests()).containsExactly(1L);
        now = 100.3;
        assertThat(digests()).isEmpty();
    }

    @Test
    void ownRecordsDoNotCount() {
        assertThat(board.heard(record("self", 1))).isEqualTo(Heard.Own);
        assertThat(digests()).isEmpty();
    }

    @Test
    void aFloodOfNamesDoesNotPushOutThoseThatWereHeardBefore() {
        board.heard(record("honest", 1));
        for (int n = 0; n < 1000; n++) {
            Heard heard = board.heard(record("fake-" + n, 10_000 + n));
            assertThat(heard).isEqualTo(n < WaitingBoard.MOST_SCHEDULERS - 1 ? Heard.Taken : Heard.TooManySchedulers);
        }

        assertThat(board.heard(record("honest", 2))).isEqualTo(Heard.Taken);
        assertThat(digests()).contains(2L).hasSize(WaitingBoard.MOST_SCHEDULERS);
        now = 102;
        assertThat(board.heard(record("late", 3))).isEqualTo(Heard.Taken);
        assertThat(digests()).containsExactly(3L);
    }

    @Test
    void aRequestThatWasHandedOverHereCountsAsOursAlone() throws Exception {
        long moved = HeldRequest.digest("moved");
        board.heard(record("other", moved, 5));
        Slots slots = new NotedSlots(
                wish -> {
                    assertThat(digests()).containsExactly(5L);
                    return new Slots.Grant.None(Slots.Reason.WaitedTooLong);
                },
                board);

        Slots.Grant grant = slots.acquire(new Slots.Wish(
                Held.TINY,
                new Work(1, 1),
                0,
                Instant.MAX,
                Instant.MAX,
                false,
                new Cancellation(),
                new Slots.Sender("moved", "")));

        assertThat(grant).isInstanceOf(Slots.Grant.None.class);
        // it has left the queue here, and what the other told is from before
        assertThat(digests()).containsExactly(5L);
        now = 101;
        board.heard(record("other", moved, 5));
        assertThat(digests()).containsExactly(moved, 5L);
    }

    @Test
    void aRequestThatTwoOthersTellOfCountsOnceWhereItWasToldLast() {
        board.heard(record("from", 1, 2));
        now = 100.1;
        board.heard(record("to", 2, 3));

        assertThat(digests()).containsExactly(2L, 3L, 1L);
        assertThat(board.waiting(Held.TINY))
                .extracting(each -> each.request().id())
                .doesNotHaveDuplicates();
    }

    @Test
    void whatIsNotListedIsCountedStill() {
        List<HeldRequest> waiting = IntStream.range(0, 20)
                .mapToObj(n -> Held.request(n + 1, 0, NEVER, 10))
                .toList();
        board.heard(WaitingRecords.told("other", 0, Map.of(Held.TINY, waiting), 4));

        assertThat(board.waiting(Held.TINY)).hasSize(4);
        assertThat(board.waiting()).isEqualTo(20);
    }

    @Test
    void anAgeOfNothingIsRejected() {
        assertThatThrownBy(() -> new WaitingBoard("self", () -> 0, Duration.ZERO))
                .hasMessageContaining("littoral.peers.max-age");
    }

    private List<Long> digests() {
        return board.waiting(Held.TINY).stream().map(HeldRequest::digest).toList();
    }

    /** Tells of requests that are the more pressing the earlier they stand. */
    private static WaitingTelemetry record(String scheduler, long... digests) {
        List<HeldRequest> waiting = IntStream.range(0, digests.length)
                .mapToObj(n -> Held.request(digests[n], n, 1000 + n, 10 + n))
                .toList();
        return WaitingRecords.told(scheduler, 50, Map.of(Held.TINY, waiting), 256);
    }
}
