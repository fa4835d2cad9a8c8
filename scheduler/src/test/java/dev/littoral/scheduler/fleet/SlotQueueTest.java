package dev.littoral.scheduler.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.algorithms.routing.AgentChoice;
import dev.littoral.algorithms.routing.HoldInOrder;
import dev.littoral.algorithms.routing.MostInTime;
import dev.littoral.algorithms.routing.Prices;
import dev.littoral.algorithms.routing.RouteTerms;
import dev.littoral.algorithms.routing.SendAtOnce;
import dev.littoral.scheduler.directory.AgentRef;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class SlotQueueTest extends QueueRig {

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
}
