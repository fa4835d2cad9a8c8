package dev.littoral.scheduler.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.algorithms.routing.LengthForecast;
import dev.littoral.algorithms.routing.WaitingRequest;
import dev.littoral.protocol.agent.v1.AgentDescription;
import dev.littoral.protocol.agent.v1.Finished;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.scheduler.agents.AgentClient;
import dev.littoral.scheduler.agents.CallEnd;
import dev.littoral.scheduler.directory.AgentRef;
import dev.littoral.scheduler.directory.Deployment;
import dev.littoral.scheduler.request.Cancellation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PulseTest {

    private static final AgentRef A = new AgentRef("a", "127.0.0.1:1");
    private static final Deployment TINY = new Deployment("default", "tiny", Instant.EPOCH, List.of(A));
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final AtomicLong nanos = new AtomicLong(7);
    private final Fleet fleet = new Fleet(nanos::get, Duration.ofSeconds(5), 1);
    private final Script agent = new Script();
    private final Pulse pulse = new Pulse(A, agent, fleet, SECOND, nanos::get);

    /** Answers at once while it lives; then says nothing, or refuses at once as a process does that ended. */
    private final class Script implements AgentClient {

        private long diesAtNanos = Long.MAX_VALUE;
        private boolean refuses;

        @Override
        public Optional<AgentDescription> describe(String address, Duration timeout) {
            if (nanos.get() < diesAtNanos) {
                return Optional.of(AgentDescription.newBuilder()
                        .setReady(true)
                        .setSlots(2)
                        .setFreeSlots(2)
                        .build());
            }
            nanos.addAndGet(refuses ? 1000 : timeout.toNanos());
            return Optional.empty();
        }

        @Override
        public CallEnd generate(String address, GenerateRequest request, Duration timeout, EventReader reader) {
            return nanos.get() < diesAtNanos
                    ? new CallEnd.Complete(Finished.getDefaultInstance())
                    : new CallEnd.Away("the agent died");
        }

        @Override
        public void retain(Collection<String> addresses) {}

        @Override
        public void close() {}
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 100, 250, 499, 500, 750, 999, 1000})
    void whatADeadAgentHeldIsGivenUpWithinThreeSeconds(long diesAfterMillis) throws Exception {
        Lease lease = afterAFewBeats();
        long dies = nanos.get() + Duration.ofMillis(diesAfterMillis).toNanos() - SECOND.toNanos();
        agent.diesAtNanos = dies;

        while (!lease.lost()) {
            nanos.addAndGet(pulse.ask().toNanos());
        }

        // the pause after the last question is no part of it
        long noticed = nanos.get() - SECOND.dividedBy(4).toNanos() - dies;
        assertThat(Duration.ofNanos(noticed)).isLessThanOrEqualTo(Duration.ofSeconds(3));
        assertThat(fleet.snapshot(TINY, Map.of())).isEmpty();
    }

    @Test
    void whileOtherSchedulersWaitForItsSlotsItIsAskedFourTimesAsOften() throws Exception {
        AtomicLong others = new AtomicLong();
        Pulse hurried = new Pulse(A, agent, fleet, SECOND, nanos::get, () -> others.get() > 0);

        assertThat(hurried.ask()).isEqualTo(SECOND);
        others.set(1);
        assertThat(hurried.ask()).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void aPauseEndsAfterTheQuarterInWhichSomethingBeganToWait() throws Exception {
        AtomicLong waiting = new AtomicLong();
        Pulse hurried = new Pulse(A, agent, fleet, SECOND, nanos::get, () -> waiting.get() > 0);
        List<Duration> naps = new ArrayList<>();

        hurried.pause(SECOND, naps::add);
        assertThat(naps).containsOnly(Duration.ofMillis(250)).hasSize(4);
        naps.clear();
        hurried.pause(SECOND, nap -> {
            naps.add(nap);
            waiting.set(naps.size() - 1);
        });

        assertThat(naps).containsExactly(Duration.ofMillis(250), Duration.ofMillis(250));
    }

    @Test
    void aProcessThatEndedIsNoticedSooner() throws Exception {
        Lease lease = afterAFewBeats();
        agent.refuses = true;
        long dies = nanos.get();
        agent.diesAtNanos = dies;

        while (!lease.lost()) {
            nanos.addAndGet(pulse.ask().toNanos());
        }

        assertThat(Duration.ofNanos(nanos.get() - dies)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void afterTheFirstSilenceItGetsNothingNewAndLosesNothingYet() throws Exception {
        Lease lease = afterAFewBeats();
        agent.diesAtNanos = nanos.get();

        pulse.ask();

        assertThat(lease.lost()).isFalse();
        assertThat(fleet.snapshot(TINY, Map.of())).isEmpty();
    }

    @Test
    void anAgentThatIsLateOnceIsTakenBack() throws Exception {
        Lease lease = afterAFewBeats();
        agent.diesAtNanos = nanos.get();
        nanos.addAndGet(pulse.ask().toNanos());
        agent.diesAtNanos = Long.MAX_VALUE;

        nanos.addAndGet(pulse.ask().toNanos());
        nanos.addAndGet(pulse.ask().toNanos());

        assertThat(lease.lost()).isFalse();
        assertThat(fleet.snapshot(TINY, Map.of())).hasSize(1);
    }

    private Lease afterAFewBeats() throws InterruptedException {
        for (int beat = 0; beat < 3; beat++) {
            nanos.addAndGet(pulse.ask().toNanos());
        }
        WaitingRequest request = new WaitingRequest(0, 0, Double.POSITIVE_INFINITY, 10, LengthForecast.exactly(50));
        return fleet.lease("a", request, new Cancellation());
    }
}
