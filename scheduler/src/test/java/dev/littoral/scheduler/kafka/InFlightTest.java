package dev.littoral.scheduler.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
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
    void noMoreIsAskedForThanMayRun() {
        CountDownLatch go = new CountDownLatch(1);
        InFlight<String> inFlight = inFlight(40, 1 << 20, text -> {
            go.await();
            return true;
        });
        assertThat(asked).hasValue(1);
        inFlight.take(messages(32));
        assertThat(asked).hasValue(2);
        inFlight.take(messages(32));

        await().during(Duration.ofMillis(200)).until(() -> asked.get() == 2 && begun.get() == 40);
        go.countDown();
        await().until(() -> committed.size() == 64);
        await().until(() -> asked.get() == 3);
    }

    @Test
    void thePollingThreadIsKeptAgainAndAgainWhileNothingIsWantedAndOthersGetTheirTurn() {
        InFlight<String> inFlight = inFlight(1, 1 << 20, text -> {
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
        InFlight<String> inFlight = inFlight(1, 1 << 20, text -> {
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
        InFlight<String> inFlight = inFlight(100, 1000, text -> {
            go.await();
            return true;
        });
        inFlight.take(Collections.nCopies(32, "x".repeat(500)));

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
        InFlight<String> inFlight = inFlight(4, 10, text -> true);

        inFlight.take(Collections.nCopies(20, "x".repeat(500)));

        await().until(() -> committed.size() == 20);
    }

    @Test
    void anErrorIsNoReasonToForgetAMessage() {
        AtomicInteger failures = new AtomicInteger(2);
        InFlight<String> inFlight = inFlight(4, 1000, text -> {
            if (failures.getAndDecrement() > 0) {
                throw new StackOverflowError("as if");
            }
            return done.add(text);
        });

        inFlight.take(List.of("m"));

        await().until(() -> committed.equals(List.of("m")));
        assertThat(done).containsExactly("m");
        assertThat(givenUp).isEmpty();
    }

    @Test
    void aFailureThatCannotEvenBeLoggedIsNoReasonToForgetAMessage() {
        AtomicInteger failures = new AtomicInteger(2);
        InFlight<String> inFlight = inFlight(4, 1000, text -> {
            if (failures.getAndDecrement() > 0) {
                throw new Unspeakable();
            }
            return done.add(text);
        });

        inFlight.take(List.of("m"));

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
        InFlight<String> inFlight = inFlight(1, 1000, text -> {
            if (text.equals("poison")) {
                throw new IllegalStateException("always");
            }
            return true;
        });

        inFlight.take(List.of("poison"));
        await().until(() -> committed.contains("poison"));
        inFlight.take(List.of("good"));

        await().until(() -> committed.contains("good"));
        assertThat(givenUp).containsExactly("poison");
    }

    @Test
    void whatIsAnothersIsNotCommitted() {
        InFlight<String> inFlight = inFlight(1, 1000, text -> {
            done.add(text);
            return false;
        });

        inFlight.take(List.of("m"));

        await().until(() -> asked.get() == 2);
        assertThat(done).containsExactly("m");
        assertThat(committed).isEmpty();
    }

    private InFlight<String> inFlight(int most, long mostBytes, Task task) {
        InFlight<String> inFlight = new InFlight<>(most, mostBytes, PAUSE, new InFlight.Work<>() {
            @Override
            public boolean on(String message) throws InterruptedException {
                begun.incrementAndGet();
                return task.on(message);
            }

            @Override
            public boolean giveUp(String message) {
                return givenUp.add(message);
            }

            @Override
            public void done(String message) {
                committed.add(message);
            }

            @Override
            public int bytes(String message) {
                return message.length();
            }
        });
        inFlight.begin(asked::incrementAndGet, held::add);
        return inFlight;
    }

    private static List<String> messages(int count) {
        return IntStream.range(0, count).mapToObj(each -> "m" + each).toList();
    }
}
