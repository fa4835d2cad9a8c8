package dev.littoral.scheduler.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InFlightTest {

    private static final Duration PAUSE = Duration.ofMillis(5);

    /** Of one source one may wait. */
    private static final ReadAhead.Bounds ONE_AHEAD = new ReadAhead.Bounds(2, 1 << 20);

    private record Asked(Place place, String text) {}

    private final AtomicInteger turned = new AtomicInteger();
    private final List<String> begunTexts = new CopyOnWriteArrayList<>();
    private Set<String> sources = Set.of("p");
    private long offset;
    private final AtomicLong asked = new AtomicLong();
    private final AtomicInteger begun = new AtomicInteger();
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final List<String> givenUp = new CopyOnWriteArrayList<>();
    private final List<String> committed = new CopyOnWriteArrayList<>();
    /** Tasks that keep the polling thread. */
    private final BlockingQueue<Runnable> held = new LinkedBlockingQueue<>();

    @FunctionalInterface
    private interface Task {
        boolean on(String text) throws InterruptedException;
    }

    @Test
    void noMoreIsBegunThanMayRunAndNoMoreIsReadThanMayWait() {
        CountDownLatch go = new CountDownLatch(1);
        // of one source 100 / 2 may wait
        InFlight<Asked> inFlight = inFlight(40, 1 << 20, new ReadAhead.Bounds(100, 1 << 20), text -> {
            go.await();
            return true;
        });
        assertThat(asked).hasValue(1);
        inFlight.take(messages(32));
        assertThat(asked).hasValue(2);
        inFlight.take(messages(32));
        assertThat(asked).hasValue(3);
        inFlight.take(messages(32));

        await().during(Duration.ofMillis(200)).until(() -> asked.get() == 3 && begun.get() == 40);
        assertThat(inFlight.full("p")).isTrue();
        go.countDown();
        await().until(() -> committed.size() == 96);
        await().until(() -> asked.get() == 4);
        assertThat(inFlight.full("p")).isFalse();
    }

    @Test
    void aSourceThatIsFullKeepsNoOtherFromBeingRead() {
        sources = Set.of("p", "q");
        InFlight<Asked> inFlight = inFlight(1, 1 << 20, new ReadAhead.Bounds(30, 1 << 20), text -> {
            new CountDownLatch(1).await();
            return true;
        });
        int before = turned.get();
        inFlight.take(messages(11));

        assertThat(inFlight.full("p")).isTrue();
        assertThat(inFlight.full("q")).isFalse();
        assertThat(inFlight.reads()).isTrue();
        assertThat(asked).hasValue(2);
        assertThat(turned.get()).isGreaterThan(before);
    }

    @Test
    void whatComesOfASourceThatIsFullHasItPausedAgain() {
        sources = Set.of("p", "q");
        InFlight<Asked> inFlight = inFlight(1, 1 << 20, new ReadAhead.Bounds(30, 1 << 20), text -> {
            new CountDownLatch(1).await();
            return true;
        });
        inFlight.take(messages(11));
        int before = turned.get();

        inFlight.take(messages(1));

        assertThat(turned.get()).isGreaterThan(before);
    }

    @Test
    void oneOfALargerPriorityIsBegunBeforeThoseThatCameBeforeIt() {
        CountDownLatch go = new CountDownLatch(1);
        InFlight<Asked> inFlight = inFlight(4, 1 << 20, text -> {
            begunTexts.add(text);
            go.await();
            return true;
        });
        // at most half of the 4 places are for those below 0
        inFlight.take(IntStream.range(0, 20)
                .mapToObj(each -> message("p", -10, "batch-" + each))
                .toList());
        await().during(Duration.ofMillis(100)).until(() -> begun.get() == 2);

        inFlight.take(List.of(message("p", 10, "urgent")));

        await().until(() -> begunTexts.contains("urgent"));
        assertThat(begunTexts).hasSize(3);
        go.countDown();
        await().until(() -> committed.size() == 21);
    }

    @Test
    void whatIsOfNoSourceAnyMoreIsDropped() {
        InFlight<Asked> inFlight = inFlight(4, 1 << 20, text -> true);
        inFlight.take(List.of(message("gone", 0, "x"), message("p", 0, "y")));

        await().until(() -> committed.equals(List.of("y")));
        assertThat(begun).hasValue(1);
    }

    @Test
    void thePollingThreadIsKeptAgainAndAgainWhileNothingIsWantedAndOthersGetTheirTurn() {
        InFlight<Asked> inFlight = inFlight(1, 1 << 20, ONE_AHEAD, text -> {
            new CountDownLatch(1).await();
            return true;
        });
        assertThat(held).isEmpty();
        inFlight.take(messages(2));

        for (int turn = 0; turn < 3; turn++) {
            // it ends by itself, and stands behind whatever waits by then
            assertThat(held).hasSize(1);
            held.remove().run();
        }
        assertThat(held).hasSize(1);
    }

    @Test
    void thePollingThreadIsLetGoOnceABatchIsWanted() {
        CountDownLatch go = new CountDownLatch(1);
        InFlight<Asked> inFlight = inFlight(1, 1 << 20, ONE_AHEAD, text -> {
            go.await();
            return true;
        });
        inFlight.take(messages(2));
        assertThat(held).hasSize(1);

        go.countDown();
        await().until(() -> committed.size() == 2 && asked.get() == 2);
        held.remove().run();

        assertThat(held).isEmpty();
    }

    @Test
    void beyondTheBytesThatMayBeHeldNothingIsAskedForUntilSomeAreDone() {
        CountDownLatch go = new CountDownLatch(1);
        InFlight<Asked> inFlight = inFlight(100, 1000, text -> {
            go.await();
            return true;
        });
        inFlight.take(messages(Collections.nCopies(32, "x".repeat(500))));

        // 500 bytes are below 1000: one more is begun behind the first; then none
        await().during(Duration.ofMillis(200)).until(() -> asked.get() == 1 && begun.get() == 2);
        go.countDown();
        await().until(() -> committed.size() == 32 && asked.get() == 2);
    }

    @Test
    void theHeapSaysHowMuchIsHeldWhereNobodyElseDoes() {
        assertThat(KafkaStages.heldByHeap(128 << 20)).isEqualTo(8 << 20);
        assertThat(KafkaStages.heldByHeap(8L << 30)).isEqualTo(64 << 20);
    }

    @Test
    void oneThatIsLongerThanAllThatMayBeHeldIsWorkedOnAlone() {
        InFlight<Asked> inFlight = inFlight(4, 10, text -> true);

        inFlight.take(messages(Collections.nCopies(20, "x".repeat(500))));

        await().until(() -> committed.size() == 20);
    }

    @Test
    void anErrorIsNoReasonToForgetAMessage() {
        AtomicInteger failures = new AtomicInteger(2);
        InFlight<Asked> inFlight = inFlight(4, 1000, text -> {
            if (failures.getAndDecrement() > 0) {
                throw new StackOverflowError("as if");
            }
            return done.add(text);
        });

        inFlight.take(messages(List.of("m")));

        await().until(() -> committed.equals(List.of("m")));
        assertThat(done).containsExactly("m");
        assertThat(givenUp).isEmpty();
    }

    @Test
    void aFailureThatCannotEvenBeLoggedIsNoReasonToForgetAMessage() {
        AtomicInteger failures = new AtomicInteger(2);
        InFlight<Asked> inFlight = inFlight(4, 1000, text -> {
            if (failures.getAndDecrement() > 0) {
                throw new Unspeakable();
            }
            return done.add(text);
        });

        inFlight.take(messages(List.of("m")));

        await().until(() -> committed.equals(List.of("m")));
        assertThat(done).containsExactly("m");
    }

    /** Has whoever prints it fail in turn, as where memory stays short. */
    private static final class Unspeakable extends Error {

        @Override
        public String getMessage() {
            throw new StackOverflowError("as if");
        }
    }

    @Test
    void whatFailsAgainAndAgainIsGivenUpWithoutHoldingOthersBack() {
        InFlight<Asked> inFlight = inFlight(1, 1000, text -> {
            if (text.equals("poison")) {
                throw new IllegalStateException("always");
            }
            return true;
        });

        inFlight.take(messages(List.of("poison")));
        await().until(() -> committed.contains("poison"));
        inFlight.take(messages(List.of("good")));

        await().until(() -> committed.contains("good"));
        assertThat(givenUp).containsExactly("poison");
    }

    @Test
    void whatIsAnothersIsNotCommitted() {
        InFlight<Asked> inFlight = inFlight(1, 1000, text -> {
            done.add(text);
            return false;
        });

        inFlight.take(messages(List.of("m")));

        await().until(() -> asked.get() == 2);
        assertThat(done).containsExactly("m");
        assertThat(committed).isEmpty();
    }

    private InFlight<Asked> inFlight(int most, long mostBytes, Task task) {
        return inFlight(most, mostBytes, new ReadAhead.Bounds(1000, mostBytes), task);
    }

    private InFlight<Asked> inFlight(int most, long mostBytes, ReadAhead.Bounds ahead, Task task) {
        InFlight.Work<Asked> work = new InFlight.Work<>() {
            @Override
            public boolean on(Asked message) throws InterruptedException {
                begun.incrementAndGet();
                return task.on(message.text());
            }

            @Override
            public boolean giveUp(Asked message) {
                return givenUp.add(message.text());
            }

            @Override
            public void done(Asked message) {
                committed.add(message.text());
            }

            @Override
            public Place place(Asked message) {
                return message.place();
            }
        };
        InFlight<Asked> inFlight =
                new InFlight<>(new InFlight.Bounds(most, mostBytes, ahead), PAUSE, work, () -> sources);
        inFlight.begin(asked::incrementAndGet, turned::incrementAndGet, held::add);
        return inFlight;
    }

    private List<Asked> messages(int count) {
        return messages(IntStream.range(0, count).mapToObj(each -> "m" + each).toList());
    }

    private List<Asked> messages(List<String> texts) {
        return texts.stream().map(text -> message("p", 0, text)).toList();
    }

    private Asked message(String source, int priority, String text) {
        return new Asked(new Place(source, offset++, priority, text.length()), text);
    }
}
