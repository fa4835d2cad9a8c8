package dev.littoral.scheduler.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.littoral.algorithms.routing.AgentChoice;
import dev.littoral.algorithms.routing.SendAtOnce;
import dev.littoral.algorithms.routing.Verdict;
import dev.littoral.scheduler.directory.AgentRef;
import dev.littoral.scheduler.directory.Deployment;
import dev.littoral.scheduler.request.Cancellation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AgentPaceTest extends FleetRig {

    @Test
    void anAgentThatSlowsDownIsNoticedWithinTenSeconds() {
        fleet.described(A, description(4, 4));
        Lease lease = fleet.lease("a", WORK, new Cancellation());
        lease.progress(0);
        int tokens = 0;

        // it says 100 tokens per second, and writes 25
        for (int tick = 0; tick < 100; tick++) {
            nanos.addAndGet(Duration.ofMillis(100).toNanos());
            tokens += tick % 2 == 0 ? 2 : 3;
            lease.progress(tokens);
        }

        assertThat(load().times().perToken(1)).isCloseTo(1 / 25.0, within(0.008));
    }

    @Test
    void promptsThatWaitForEachOtherDoNotMakeReadingLookSlow() {
        fleet.described(A, description(4, 4));
        List<Lease> leases = Stream.generate(() -> fleet.lease("a", WORK, new Cancellation()))
                .limit(4)
                .toList();

        // 100 tokens of each, one prompt behind the other, at 1000 a second
        for (Lease each : leases) {
            nanos.addAndGet(Duration.ofMillis(100).toNanos());
            each.progress(0);
        }

        assertThat(load().times().secondsPerPromptToken()).isCloseTo(1 / 1000.0, within(1e-9));
    }

    @Test
    void anAgentThatWasFastAndSlowsDownLosesItsRequestsToAnotherWithinTenSeconds() {
        AgentRef b = new AgentRef("b", "127.0.0.1:2");
        Deployment both = new Deployment("default", "tiny", Instant.EPOCH, List.of(A, b));
        fleet.described(A, description(4, 4));
        fleet.described(b, description(4, 4, 40));
        Lease lease = fleet.lease("a", WORK, new Cancellation());
        lease.progress(0);
        // a minute at 100 tokens per second, as it says of itself; 50 beside one other
        int tokens = write(lease, 0, 600, 10);
        assertThat(chosen(both)).isEqualTo("a");

        // throttled to 25
        for (int second = 0; second < 10; second++) {
            tokens = write(lease, tokens, 10, 2.5);
        }

        // beside the one that runs it is taken to write less than the other alone
        assertThat(load().times().perToken(2)).isGreaterThan(1 / 40.0);
        assertThat(chosen(both)).isEqualTo("b");
    }

    private int write(Lease lease, int before, int ticks, double tokensPerTick) {
        double tokens = before;
        for (int tick = 0; tick < ticks; tick++) {
            nanos.addAndGet(Duration.ofMillis(100).toNanos());
            tokens += tokensPerTick;
            lease.progress((int) tokens);
        }
        return (int) tokens;
    }

    /** Which agent a short answer is sent to. */
    private String chosen(Deployment deployment) {
        Verdict verdict = new SendAtOnce(AgentChoice.shortestExpectedDelay())
                .decide(0, List.of(WORK), fleet.snapshot(deployment, Map.of()))
                .getFirst();
        return ((Verdict.Queue) verdict).agent();
    }
}
