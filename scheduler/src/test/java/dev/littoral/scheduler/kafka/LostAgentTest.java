package dev.littoral.scheduler.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.scheduler.directory.AgentRef;
import dev.littoral.scheduler.rig.FakeAgent;
import dev.littoral.scheduler.rig.Rig;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** An agent dies while what it said waits for a broker that does not answer. */
class LostAgentTest extends HandlerRig {

    private final CountDownLatch waits = new CountDownLatch(1);

    /** Waits with the first chunk until it is interrupted, as a producer does that has no metadata. */
    private final Publisher silentAtFirst = new Publisher() {
        @Override
        public CompletableFuture<OptionalLong> response(Outgoing outgoing) throws InterruptedException {
            if (waits.getCount() > 0) {
                waits.countDown();
                new CountDownLatch(1).await();
            }
            return written.response(outgoing);
        }

        @Override
        public CompletableFuture<OptionalLong> deadLetter(Outgoing outgoing) {
            throw new AssertionError("the request is sound");
        }
    };

    @Test
    void whatItSaidIsWrittenBeforeWhatAnotherAgentSaysBehindIt() throws Exception {
        FakeAgent other = new FakeAgent("b", 1, FakeAgent.saying("one ", "two ", "three"));
        agents.add(other);
        deploy(FakeAgent.hanging("one "));
        FakeAgent dying = agents.getLast();
        AgentRef itsPlace = dying.ref();
        RequestHandler silent = new RequestHandler(
                rig.answering, silentAtFirst, new Settings(), Rig.CLOCK, new OnceOnly(new Settings()), meters);
        book.read(offset);
        CompletableFuture<Boolean> handled = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return silent.handle(Optional.empty(), wire("r1", CHAT), book.entry(offset));
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                task -> Thread.ofVirtual().start(task));
        waits.await();

        dying.close();
        rig.directory.put("default", "tiny", itsPlace, other.ref());

        assertThat(handled.get()).isTrue();
        assertThat(written.responses.stream().map(each -> header(each, "ce_id")))
                .containsExactly("r1/1/0", "r1/1/1", "r1/1/2", "r1/final");
    }
}
