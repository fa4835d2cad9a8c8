package dev.littoral.scheduler.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.littoral.algorithms.routing.AgentChoice;
import dev.littoral.algorithms.routing.HoldInOrder;
import dev.littoral.algorithms.routing.LengthForecast;
import dev.littoral.algorithms.routing.Prices;
import dev.littoral.algorithms.routing.SendAtOnce;
import dev.littoral.algorithms.routing.ServiceTimes;
import dev.littoral.algorithms.routing.Verdict;
import dev.littoral.algorithms.routing.WaitingRequest;
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

    @Test
    void anAgentThatDescribesItselfAndWritesNothingLosesItsRequestsWithinTenSeconds() {
        Deployment both = quickAndSlow(20);
        Lease lease = fleet.lease("a", WORK, new Cancellation());
        lease.progress(1);
        int tokens = write(lease, 1, 600, 10);
        assertThat(chosen(both)).isEqualTo("a");

        for (int second = 0; second < 10; second++) {
            pass(1);
            fleet.described(A, description(4, 3));
        }

        assertThat(chosen(both)).isEqualTo("b");
        assertThat(started(both)).isEqualTo("b");
        assertThat(load().times().perToken(1)).isGreaterThan(1 / 20.0);
        // and it is taken at its word again once it goes on
        tokens = write(lease, tokens, 300, 10);
        assertThat(tokens).isGreaterThan(9000);
        assertThat(chosen(both)).isEqualTo("a");
    }

    @Test
    void anAgentThatDescribesItselfAndReadsNothingLosesItsRequestsWithinTenSeconds() {
        Deployment both = quickAndSlow(20);
        fleet.lease("a", WORK, new Cancellation()).started();
        assertThat(chosen(both)).isEqualTo("a");

        for (int second = 0; second < 10; second++) {
            pass(1);
            fleet.described(A, description(4, 3));
        }

        // 100 tokens in no less than 10 s, four claimed ones beside them
        assertThat(load().times().secondsPerPromptToken()).isCloseTo(10.004 / 104, within(1e-9));
        assertThat(chosen(both)).isEqualTo("b");
        assertThat(started(both)).isEqualTo("b");
    }

    @Test
    void aPromptThatTakesLongToReadIsNoSilence() {
        fleet.described(A, description(4, 4));
        Lease writes = fleet.lease("a", WORK, new Cancellation());
        writes.progress(1);
        int tokens = write(writes, 1, 100, 10);
        ServiceTimes before = load().times();

        // 8000 tokens at 1000 a second, while the answer beside it stands still
        Lease reads = fleet.lease("a", prompt(8000), new Cancellation());
        reads.started();
        for (int tenth = 0; tenth < 79; tenth++) {
            pass(0.1);
            ServiceTimes now = load().times();
            assertThat(now.secondsPerPromptToken()).isCloseTo(0.001, within(1e-9));
            assertThat(now.perToken(1)).isCloseTo(before.perToken(1), within(0.01 * before.perToken(1)));
        }
        pass(0.1);
        reads.progress(1);
        reads.close();
        write(writes, tokens, 20, 10);

        assertThat(load().times().secondsPerPromptToken()).isCloseTo(0.001, within(1e-9));
        assertThat(load().times().perToken(1)).isCloseTo(before.perToken(1), within(0.05 * before.perToken(1)));
    }

    @Test
    void aPromptThatTakesLongerThanExpectedIsNoticedBeforeItIsRead() {
        fleet.described(A, description(4, 4));
        fleet.lease("a", prompt(8000), new Cancellation()).started();

        pass(8.4);
        assertThat(load().times().secondsPerPromptToken()).isCloseTo(0.001, within(1e-9));
        pass(7.6);

        assertThat(load().times().secondsPerPromptToken()).isCloseTo(0.002, within(1e-5));
        // a twentieth of it, at least, is still to come
        assertThat(load().unreadSeconds()).isCloseTo(0.05 * 16, within(0.01));
    }

    @Test
    void anAnswerWhoseReaderTakesNothingSaysNothingOfTheAgent() {
        fleet.described(A, description(4, 4));
        Lease lease = fleet.lease("a", WORK, new Cancellation());
        lease.progress(1);
        write(lease, 1, 100, 10);
        double before = load().times().perToken(1);

        lease.heard();
        pass(5);
        double meanwhile = load().times().perToken(1);
        lease.listens();
        pass(0.4);

        assertThat(meanwhile).isCloseTo(before, within(0.01 * before));
        assertThat(load().times().perToken(1)).isCloseTo(before, within(0.01 * before));
    }

    @Test
    void aPromptThatWasGivenUpLeavesTheOthersTimeOut() {
        fleet.described(A, description(4, 4));
        Lease first = fleet.lease("a", prompt(8000), new Cancellation());
        first.started();
        Lease second = fleet.lease("a", prompt(1000), new Cancellation());
        second.started();
        pass(7);
        first.close();
        pass(1);
        second.progress(1);

        assertThat(load().times().secondsPerPromptToken()).isCloseTo(0.001, within(1e-9));
    }

    @Test
    void promptsThatAreReadOneBehindTheOtherAreEachToldOnce() {
        fleet.described(A, description(4, 4));
        Lease first = fleet.lease("a", prompt(1000), new Cancellation());
        pass(0.9);
        Lease second = fleet.lease("a", prompt(1000), new Cancellation());
        assertThat(load().unreadSeconds()).isCloseTo(1.1, within(1e-9));
        pass(0.1);
        first.progress(1);
        pass(1);
        second.progress(1);

        assertThat(load().times().secondsPerPromptToken()).isCloseTo(0.001, within(1e-9));
    }

    private void pass(double seconds) {
        nanos.addAndGet(Math.round(1e9 * seconds));
    }

    private static WaitingRequest prompt(double tokens) {
        return new WaitingRequest(1, 0, Double.POSITIVE_INFINITY, tokens, LengthForecast.exactly(50));
    }

    /** One that writes 100 tokens a second, and another. */
    private Deployment quickAndSlow(double tokensPerSecond) {
        AgentRef b = new AgentRef("b", "127.0.0.1:2");
        fleet.described(A, description(4, 4));
        fleet.described(b, description(4, 4, tokensPerSecond));
        return new Deployment("default", "tiny", Instant.EPOCH, List.of(A, b));
    }

    /** Where the rule that holds requests starts a short answer. */
    private String started(Deployment deployment) {
        Verdict verdict = HoldInOrder.shortestFirst(() -> Prices.NONE)
                .decide(0, List.of(WORK), fleet.snapshot(deployment, Map.of()))
                .getFirst();
        return verdict instanceof Verdict.Start start ? start.agent() : verdict.toString();
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
