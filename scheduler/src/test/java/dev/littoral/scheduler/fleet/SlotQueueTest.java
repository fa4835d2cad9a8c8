package dev.littoral.scheduler.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.algorithms.routing.AgentChoice;
import dev.littoral.algorithms.routing.DispatchRule;
import dev.littoral.algorithms.routing.HoldInOrder;
import dev.littoral.algorithms.routing.MostInTime;
import dev.littoral.algorithms.routing.Prices;
import dev.littoral.algorithms.routing.RefuseHopeless;
import dev.littoral.algorithms.routing.RouteTerms;
import dev.littoral.algorithms.routing.SendAtOnce;
import dev.littoral.algorithms.routing.Work;
import dev.littoral.protocol.agent.v1.AgentDescription;
import dev.littoral.protocol.agent.v1.Rates;
import dev.littoral.scheduler.directory.AgentRef;
import dev.littoral.scheduler.request.Cancellation;
import dev.littoral.scheduler.rig.FakeDirectory;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SlotQueueTest {

    private static final AgentRef A = new AgentRef("a", "127.0.0.1:1");
    private static final AgentRef SLOW = new AgentRef("slow", "127.0.0.1:3");

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
    void whatOnlyAnAgentThatWasSilentOnceCanEndInTimeWaitsForIt() throws Exception {
        SlotQueue queue = quickAndSlow();
        fleet.silent(A, 3);
        CompletableFuture<Slots.Grant> grant = ask(queue, wish(1000, 0, Duration.ofMinutes(1)));
        await().until(() -> queue.waiting() == 1);

        fleet.described(A, description());

        assertThat(slot(grant.get()).lease().agent()).isEqualTo(A);
    }

    @Test
    void whatOnlyAnAgentThatStaysSilentCanEndInTimeIsRefused() throws Exception {
        SlotQueue queue = quickAndSlow();
        fleet.unreachable(A);
        CompletableFuture<Slots.Grant> grant = ask(queue, wish(1000, 0, Duration.ofMinutes(1)));
        await().until(() -> queue.waiting() == 1);

        for (int silence = 1; silence <= 3; silence++) {
            assertThat(grant).isNotDone();
            fleet.silent(A, 3);
        }

        // it was never within reach of those that are there
        assertThat(grant.get())
                .isInstanceOfSatisfying(
                        Slots.Grant.OutOfReach.class,
                        far -> assertThat(far.waited()).isFalse());
    }

    @Test
    void anAgentThatSaysThatItIsNotReadyIsNotWaitedFor() throws Exception {
        SlotQueue queue = quickAndSlow();
        fleet.described(A, description().toBuilder().setReady(false).build());
        fleet.silent(A, 3);

        assertThat(queue.acquire(wish(1000, 0, Duration.ofMinutes(1)))).isInstanceOf(Slots.Grant.OutOfReach.class);
    }

    @Test
    void whatWaitsForAnAgentsReturnLeavesTheOthersToLowerPriorities() throws Exception {
        SlotQueue queue = quickAndSlow();
        fleet.silent(A, 3);
        CompletableFuture<Slots.Grant> urgent = ask(queue, wish(1000, 1, Duration.ofMinutes(1)));
        await().until(() -> queue.waiting() == 1);

        CompletableFuture<Slots.Grant> lower = ask(queue, wish(10, 0, Duration.ofMinutes(1)));

        assertThat(slot(lower.get()).lease().agent()).isEqualTo(SLOW);
        assertThat(urgent).isNotDone();
    }

    /** An answer of 1000 tokens takes A 10 s and the other 1000 s. */
    private SlotQueue quickAndSlow() {
        directory.put("default", "tiny", A, SLOW);
        fleet.described(A, description());
        fleet.described(
                SLOW,
                description().toBuilder()
                        .setRates(Rates.newBuilder()
                                .setPrefillTokensPerSecond(1000)
                                .setDecodeTokensPerSecond(1))
                        .build());
        return new SlotQueue(
                directory,
                fleet,
                new RefuseHopeless(HoldInOrder.shortestFirst(() -> Prices.NONE), 0.02),
                Clock.fixed(Clock.systemUTC().instant(), ZoneOffset.UTC),
                16);
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

    @Test
    void aKeyThatFloodsDoesNotStarveAnother() throws Exception {
        SlotQueue queue = queue(HoldInOrder.shortestFirst(() -> Prices.NONE), 64);
        Slots.Grant.Slot held = slot(queue.acquire(wish("flood", 100, 0)));
        List<CompletableFuture<Slots.Grant>> flood = new ArrayList<>();
        for (int n = 1; n <= 40; n++) {
            flood.add(ask(queue, wish("flood", 100, 0)));
            int waiting = n;
            await().until(() -> queue.waiting() == waiting);
        }
        List<CompletableFuture<Slots.Grant>> few = new ArrayList<>();
        for (int n = 1; n <= 3; n++) {
            few.add(ask(queue, wish("few", 100, 0)));
            int waiting = 40 + n;
            await().until(() -> queue.waiting() == waiting);
        }

        int ofFlood = 0;
        while (few.stream().anyMatch(each -> !each.isDone())) {
            held.lease().progress(100);
            held.lease().close();
            CompletableFuture<Slots.Grant> next = next(flood, few);
            ofFlood += flood.removeIf(CompletableFuture::isDone) ? 1 : 0;
            held = slot(next.join());
            few.removeIf(CompletableFuture::isDone);
        }

        // they take turns, though all of the flood came before
        assertThat(ofFlood).isBetween(1, 8);
        held.lease().close();
    }

    @Test
    void aChargeIsSetRightThoughNobodyElseWaitsAtTheEnd() throws Exception {
        SlotQueue queue = twoSlots();
        Slots.Grant.Slot one = slot(queue.acquire(wish("first", 100, 0)));
        Slots.Grant.Slot other = slot(queue.acquire(wish("first", 100, 0)));
        CompletableFuture<Slots.Grant> shorter = ask(queue, wish("shorter", 500, 0));
        await().until(() -> queue.waiting() == 1);
        CompletableFuture<Slots.Grant> longer = ask(queue, wish("longer", 2000, 0));
        await().until(() -> queue.waiting() == 2);

        one.lease().close();
        Lease charged = slot(shorter.get()).lease();

        double owed = fairness(queue).mostOwedSeconds();
        assertThat(fairness(queue).debtors()).isEqualTo(1);
        assertThat(owed).isGreaterThan(0.5);

        other.lease().close();
        slot(longer.get());
        assertThat(queue.waiting()).isZero();
        charged.progress(10);
        charged.close();

        // it took 10 of the 500 tokens that it was charged for
        assertThat(fairness(queue).mostOwedSeconds()).isBetween(0.01 * owed, 0.03 * owed);
    }

    @Test
    void whatWasNeverBegunIsNotCharged() throws Exception {
        SlotQueue queue = twoSlots();
        Slots.Grant.Slot one = slot(queue.acquire(wish("first", 100, 0)));
        Slots.Grant.Slot other = slot(queue.acquire(wish("first", 100, 0)));
        CompletableFuture<Slots.Grant> shorter = ask(queue, wish("shorter", 500, 0));
        await().until(() -> queue.waiting() == 1);
        CompletableFuture<Slots.Grant> longer = ask(queue, wish("longer", 2000, 0));
        await().until(() -> queue.waiting() == 2);
        one.lease().close();
        Lease refused = slot(shorter.get()).lease();
        other.lease().close();
        slot(longer.get());
        assertThat(fairness(queue).debtors()).isEqualTo(1);

        refused.exhausted();
        refused.close();

        assertThat(fairness(queue).debtors()).isZero();
    }

    /** An agent with two slots, at a moment that does not pass, so that no debt fades. */
    private SlotQueue twoSlots() {
        Fleet still = new Fleet(() -> 0, Duration.ofMinutes(5), 1);
        directory.put("default", "tiny", A);
        still.described(A, description().toBuilder().setSlots(2).setFreeSlots(2).build());
        return new SlotQueue(directory, still, HoldInOrder.shortestFirst(() -> Prices.NONE), Clock.systemUTC(), 16);
    }

    private static SlotQueue.Fairness fairness(SlotQueue queue) {
        return Objects.requireNonNull(queue.fairness().get("default/tiny"));
    }

    /** Waits for the next of them that gets a slot. */
    private static CompletableFuture<Slots.Grant> next(
            List<CompletableFuture<Slots.Grant>> one, List<CompletableFuture<Slots.Grant>> other) {
        List<CompletableFuture<Slots.Grant>> all =
                Stream.concat(one.stream(), other.stream()).toList();
        await().until(() -> all.stream().anyMatch(CompletableFuture::isDone));
        return all.stream().filter(CompletableFuture::isDone).findFirst().orElseThrow();
    }

    @Test
    void whereTooManyWaitAFloodLeavesItsRoomToAnotherKey() throws Exception {
        SlotQueue queue = queue(HoldInOrder.shortestFirst(() -> Prices.NONE), 3);
        Slots.Grant.Slot held = slot(queue.acquire(wish("flood", 100, 0)));
        List<CompletableFuture<Slots.Grant>> flood = new ArrayList<>();
        for (int n = 1; n <= 3; n++) {
            flood.add(ask(queue, wish("flood", 100, 0)));
            int waiting = n;
            await().until(() -> queue.waiting() == waiting);
        }
        assertThat(queue.acquire(wish("flood", 100, 0))).isEqualTo(new Slots.Grant.None(Slots.Reason.QueueFull));

        CompletableFuture<Slots.Grant> other = ask(queue, wish("other", 100, 0));

        // the last that came
        assertThat(flood.get(2).get()).isEqualTo(new Slots.Grant.None(Slots.Reason.BeyondItsShare));
        assertThat(other).isNotDone();
        assertThat(queue.waiting()).isEqualTo(3);
        held.lease().close();
    }

    @Test
    void whereTooManyWaitALowerPriorityLeavesItsRoom() throws Exception {
        SlotQueue queue = queue(HoldInOrder.shortestFirst(() -> Prices.NONE), 2);
        Slots.Grant.Slot held = slot(queue.acquire(wish("a", 100, 0)));
        CompletableFuture<Slots.Grant> higher = ask(queue, wish("a", 100, 1));
        await().until(() -> queue.waiting() == 1);
        CompletableFuture<Slots.Grant> lower = ask(queue, wish("b", 100, 0));
        await().until(() -> queue.waiting() == 2);

        CompletableFuture<Slots.Grant> highest = ask(queue, wish("a", 100, 2));

        assertThat(lower.get()).isEqualTo(new Slots.Grant.None(Slots.Reason.Outranked));
        assertThat(queue.acquire(wish("c", 100, 0))).isEqualTo(new Slots.Grant.None(Slots.Reason.QueueFull));
        held.lease().close();
        slot(highest.get());
        assertThat(higher).isNotDone();
    }

    @Test
    void eachDeploymentHasARuleOfItsOwn() throws Exception {
        List<String> made = new CopyOnWriteArrayList<>();
        directory.put("default", "tiny", A);
        fleet.described(A, description());
        SlotQueue queue = new SlotQueue(
                directory,
                fleet,
                (deployment, watch) -> {
                    made.add(deployment);
                    return HoldInOrder.shortestFirst(() -> Prices.NONE).watchedBy(watch);
                },
                new RouteLog(2, 1e9, System::nanoTime),
                Clock.systemUTC(),
                16);

        slot(queue.acquire(wish("a", 100, 0))).lease().close();
        slot(queue.acquire(wish("a", 100, 0))).lease().close();

        assertThat(made).containsExactly("default/tiny");
    }

    @Test
    void aRouteIsExplainedUnderItsOwnId() throws Exception {
        RouteLog log = new RouteLog(2, 1e9, System::nanoTime);
        directory.put("default", "tiny", A);
        fleet.described(A, description());
        SlotQueue queue = new SlotQueue(
                directory,
                fleet,
                (deployment, watch) ->
                        HoldInOrder.shortestFirst(() -> Prices.NONE).watchedBy(watch),
                log,
                Clock.systemUTC(),
                16);

        slot(queue.acquire(wish("a", 100, 0))).lease().close();

        assertThat(log.latest()).singleElement().satisfies(route -> {
            assertThat(route.request()).isEqualTo("request of a");
            assertThat(route.agent()).isEqualTo("a");
            assertThat(route.expectedTokens()).isEqualTo(100);
            assertThat(route.candidates()).extracting(RouteTerms::agent).containsExactly("a");
        });
    }

    private SlotQueue queue(DispatchRule rule) {
        return queue(rule, 16);
    }

    private SlotQueue queue(DispatchRule rule, int maxWaiting) {
        directory.put("default", "tiny", A);
        fleet.described(A, description());
        return new SlotQueue(directory, fleet, rule, Clock.systemUTC(), maxWaiting);
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

    private static Slots.Wish wish(String key, double answerTokens, int priority) {
        var now = Clock.systemUTC().instant();
        return new Slots.Wish(
                "default/tiny",
                new Work(10, answerTokens),
                priority,
                now.plus(Duration.ofHours(1)),
                now.plus(Duration.ofHours(1)),
                false,
                new Cancellation(),
                new Slots.Sender("request of " + key, key));
    }
}
