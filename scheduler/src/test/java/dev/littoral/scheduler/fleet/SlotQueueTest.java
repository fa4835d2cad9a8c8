package dev.littoral.scheduler.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.algorithms.routing.AgentChoice;
import dev.littoral.algorithms.routing.DispatchRule;
import dev.littoral.algorithms.routing.HoldInOrder;
import dev.littoral.algorithms.routing.MostInTime;
import dev.littoral.algorithms.routing.Prices;
import dev.littoral.algorithms.routing.SendAtOnce;
import dev.littoral.algorithms.routing.Work;
import dev.littoral.protocol.agent.v1.AgentDescription;
import dev.littoral.protocol.agent.v1.Rates;
import dev.littoral.scheduler.directory.AgentRef;
import dev.littoral.scheduler.request.Cancellation;
import dev.littoral.scheduler.rig.FakeDirectory;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SlotQueueTest {

    private static final AgentRef A = new AgentRef("a", "127.0.0.1:1");

    private final FakeDirectory directory = new FakeDirectory();
    private final Fleet fleet = new Fleet(System::nanoTime, Duration.ofMinutes(5), 1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    @Test
    void thePredictedShortestGoesFirst() throws Exception {
        SlotQueue queue = queue(HoldInOrder.shortestFirst(() -> Prices.NONE));
        Slots.Grant.Slot held = slot(queue.acquire(wish(100, 0, Duration.ofHours(1))));
        CompletableFuture<Slots.Grant> longer = ask(queue, wish(5000, 0, Duration.ofHours(1)));
        await().until(() -> queue.waiting() == 1);
        CompletableFuture<Slots.Grant> shorter = ask(queue, wish(10, 0, Duration.ofHours(1)));
        await().until(() -> queue.waiting() == 2);

        held.lease().close();

        slot(shorter.get()).lease();
        assertThat(longer).isNotDone();
        slot(shorter.get()).lease().close();
        assertThat(longer.get()).isInstanceOf(Slots.Grant.Slot.class);
    }

    @Test
    void aHigherPriorityGoesBeforeAShorterAnswer() throws Exception {
        SlotQueue queue = queue(HoldInOrder.shortestFirst(() -> Prices.NONE));
        Slots.Grant.Slot held = slot(queue.acquire(wish(100, 0, Duration.ofHours(1))));
        CompletableFuture<Slots.Grant> shorter = ask(queue, wish(10, 0, Duration.ofHours(1)));
        await().until(() -> queue.waiting() == 1);
        CompletableFuture<Slots.Grant> urgent = ask(queue, wish(5000, 1, Duration.ofHours(1)));
        await().until(() -> queue.waiting() == 2);

        held.lease().close();

        assertThat(urgent.get()).isInstanceOf(Slots.Grant.Slot.class);
        assertThat(shorter).isNotDone();
    }

    @Test
    void whatCannotEndInTimeIsRefusedAtOnceWithTheTimeThatItWouldTake() throws Exception {
        SlotQueue queue = queue(MostInTime.standard());

        Slots.Grant grant = queue.acquire(wish(100_000, 0, Duration.ofSeconds(2)));

        // 100,000 tokens at 100 per second
        assertThat(grant).isInstanceOf(Slots.Grant.OutOfReach.class);
        assertThat(((Slots.Grant.OutOfReach) grant).expected())
                .isBetween(Duration.ofSeconds(900), Duration.ofSeconds(1100));
    }

    @Test
    void whoeverStandsInAnAgentsQueueIsServedInOrderOfArrival() throws Exception {
        SlotQueue queue = queue(new SendAtOnce(AgentChoice.shortestQueue()));
        Slots.Grant.Slot held = slot(queue.acquire(wish(100, 0, Duration.ofHours(1))));
        CompletableFuture<Slots.Grant> first = ask(queue, wish(5000, 0, Duration.ofHours(1)));
        await().until(() -> queue.waiting() == 1);
        CompletableFuture<Slots.Grant> second = ask(queue, wish(10, 0, Duration.ofHours(1)));
        await().until(() -> queue.waiting() == 2);

        held.lease().close();

        slot(first.get()).lease();
        assertThat(second).isNotDone();
    }

    @Test
    void whoeverWaitedForAnAgentThatIsGoneIsSentToAnother() throws Exception {
        AgentRef other = new AgentRef("b", "127.0.0.1:2");
        SlotQueue queue = queue(new SendAtOnce(AgentChoice.shortestQueue()));
        Slots.Grant.Slot held = slot(queue.acquire(wish(100, 0, Duration.ofHours(1))));
        CompletableFuture<Slots.Grant> bound = ask(queue, wish(100, 0, Duration.ofHours(1)));
        await().until(() -> queue.waiting() == 1);
        fleet.described(other, description());

        directory.put("default", "tiny", other);
        fleet.unreachable(A);

        assertThat(slot(bound.get()).lease().agent()).isEqualTo(other);
        held.lease().close();
    }

    private SlotQueue queue(DispatchRule rule) {
        directory.put("default", "tiny", A);
        fleet.described(A, description());
        return new SlotQueue(directory, fleet, rule, Clock.systemUTC(), 16);
    }

    private static AgentDescription description() {
        return AgentDescription.newBuilder()
                .setReady(true)
                .setSlots(1)
                .setFreeSlots(1)
                .setRates(Rates.newBuilder().setPrefillTokensPerSecond(1000).setDecodeTokensPerSecond(100))
                .build();
    }

    private CompletableFuture<Slots.Grant> ask(SlotQueue queue, Slots.Wish wish) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return queue.acquire(wish);
                    } catch (InterruptedException e) {
                        throw new CompletionException(e);
                    }
                },
                threads);
    }

    private static Slots.Grant.Slot slot(Slots.Grant grant) {
        assertThat(grant).isInstanceOf(Slots.Grant.Slot.class);
        return (Slots.Grant.Slot) grant;
    }

    private static Slots.Wish wish(double answerTokens, int priority, Duration within) {
        var now = Clock.systemUTC().instant();
        return new Slots.Wish(
                "default/tiny",
                new Work(10, answerTokens),
                priority,
                now.plus(within),
                now.plus(Duration.ofHours(1)),
                false,
                new Cancellation());
    }
}
