package dev.littoral.scheduler.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.junit.jupiter.api.Test;

class InFlightTest {

    private static final Duration PAUSE = Duration.ofMillis(5);

    private final AtomicLong asked = new AtomicLong();
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final List<String> givenUp = new CopyOnWriteArrayList<>();
    private final List<String> committed = new CopyOnWriteArrayList<>();

    @FunctionalInterface
    private interface Task {
        boolean on(String text) throws InterruptedException;
    }

    @Test
    void noMoreIsAskedForThanMayRun() {
        CountDownLatch go = new CountDownLatch(1);
        InFlight inFlight = inFlight(40, 1 << 20, text -> {
            go.await();
            return true;
        });
        assertThat(asked).hasValue(32);
        for (int each = 0; each < 40; each++) {
            inFlight.onNext(message("m" + each));
        }

        await().during(Duration.ofMillis(200)).until(() -> asked.get() == 40);
        go.countDown();
        await().until(() -> committed.size() == 40);
        await().until(() -> asked.get() == 72);
    }

    @Test
    void beyondTheBytesThatMayBeHeldNothingIsAskedForUntilSomeAreDone() {
        CountDownLatch go = new CountDownLatch(1);
        InFlight inFlight = inFlight(100, 1000, text -> {
            go.await();
            return true;
        });
        for (int each = 0; each < 32; each++) {
            inFlight.onNext(message("x".repeat(500)));
        }

        // the first 32 were asked for when nobody knew how long they are; 16000 bytes of 1000 are held now
        await().during(Duration.ofMillis(200)).until(() -> asked.get() == 32);
        go.countDown();
        // two of 500 bytes have room
        await().until(() -> committed.size() == 32 && asked.get() == 34);
    }

    @Test
    void asManyAreAskedForAsHaveRoomIfTheyAreAsLongAsTheLastOnes() {
        InFlight inFlight = inFlight(100, 1000, text -> true);
        for (int each = 0; each < 32; each++) {
            inFlight.onNext(message("x".repeat(100)));
        }
        await().until(() -> committed.size() == 32 && asked.get() == 42);

        for (int each = 0; each < 10; each++) {
            inFlight.onNext(message("x"));
        }

        // 100 bytes less an eighth, ten times, are 29: as many as may ever be asked for have room in 1000
        await().until(() -> committed.size() == 42 && asked.get() > 42 + 20);
    }

    @Test
    void theHeapSaysHowMuchIsHeldWhereNobodyElseDoes() {
        assertThat(KafkaStages.heldByHeap(128 << 20)).isEqualTo(8 << 20);
        assertThat(KafkaStages.heldByHeap(8L << 30)).isEqualTo(64 << 20);
    }

    @Test
    void oneThatIsLongerThanAllThatMayBeHeldIsWorkedOnAlone() {
        InFlight inFlight = inFlight(4, 10, text -> true);

        for (int each = 0; each < 20; each++) {
            inFlight.onNext(message("x".repeat(500)));
        }

        await().until(() -> committed.size() == 20);
    }

    @Test
    void anErrorIsNoReasonToForgetAMessage() {
        AtomicInteger failures = new AtomicInteger(2);
        InFlight inFlight = inFlight(4, 1000, text -> {
            if (failures.getAndDecrement() > 0) {
                throw new StackOverflowError("as if");
            }
            return done.add(text);
        });

        inFlight.onNext(message("m"));

        await().until(() -> committed.equals(List.of("m")));
        assertThat(done).containsExactly("m");
        assertThat(givenUp).isEmpty();
    }

    @Test
    void whatFailsAgainAndAgainIsGivenUpWithoutHoldingOthersBack() {
        InFlight inFlight = inFlight(1, 1000, text -> {
            if (text.equals("poison")) {
                throw new IllegalStateException("always");
            }
            return true;
        });

        inFlight.onNext(message("poison"));
        await().until(() -> committed.contains("poison"));
        inFlight.onNext(message("good"));

        await().until(() -> committed.contains("good"));
        assertThat(givenUp).containsExactly("poison");
    }

    @Test
    void whatIsAnothersIsNotCommitted() {
        InFlight inFlight = inFlight(1, 1000, text -> done.add(text) && false);

        inFlight.onNext(message("m"));

        await().until(() -> asked.get() == 2);
        assertThat(done).containsExactly("m");
        assertThat(committed).isEmpty();
    }

    private InFlight inFlight(int most, long mostBytes, Task task) {
        InFlight inFlight = new InFlight(most, mostBytes, 1, PAUSE, new InFlight.Work() {
            @Override
            public boolean on(Message<byte[]> message) throws InterruptedException {
                return task.on(new String(message.getPayload(), UTF_8));
            }

            @Override
            public boolean giveUp(Message<byte[]> message) {
                return givenUp.add(new String(message.getPayload(), UTF_8));
            }
        });
        inFlight.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                asked.addAndGet(n);
            }

            @Override
            public void cancel() {}
        });
        return inFlight;
    }

    private Message<byte[]> message(String text) {
        return Message.of(text.getBytes(UTF_8), () -> {
            committed.add(text);
            return CompletableFuture.completedFuture(null);
        });
    }
}
