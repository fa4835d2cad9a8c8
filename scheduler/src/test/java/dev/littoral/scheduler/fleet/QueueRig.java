package dev.littoral.scheduler.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.algorithms.routing.DispatchRule;
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

/** One queue before agents that exist only as what they say of themselves. */
abstract class QueueRig {

    static final AgentRef A = new AgentRef("a", "127.0.0.1:1");

    static final AgentRef SLOW = new AgentRef("slow", "127.0.0.1:3");

    final FakeDirectory directory = new FakeDirectory();

    final Fleet fleet = new Fleet(System::nanoTime, Duration.ofMinutes(5), 1);

    final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    SlotQueue queue(DispatchRule rule) {
        return queue(rule, 16);
    }

    SlotQueue queue(DispatchRule rule, int maxWaiting) {
        directory.put("default", "tiny", A);
        fleet.described(A, description());
        return new SlotQueue(directory, fleet, rule, Clock.systemUTC(), maxWaiting);
    }

    static AgentDescription description() {
        return AgentDescription.newBuilder()
                .setReady(true)
                .setSlots(1)
                .setFreeSlots(1)
                .setRates(Rates.newBuilder().setPrefillTokensPerSecond(1000).setDecodeTokensPerSecond(100))
                .build();
    }

    CompletableFuture<Slots.Grant> ask(SlotQueue queue, Slots.Wish wish) {
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

    static Slots.Grant.Slot slot(Slots.Grant grant) {
        assertThat(grant).isInstanceOf(Slots.Grant.Slot.class);
        return (Slots.Grant.Slot) grant;
    }

    static Slots.Wish wish(double answerTokens, int priority, Duration within) {
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

    static Slots.Wish wish(String key, double answerTokens, int priority) {
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
