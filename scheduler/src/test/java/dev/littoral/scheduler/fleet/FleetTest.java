package dev.littoral.scheduler.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.littoral.algorithms.routing.AgentLoad;
import dev.littoral.algorithms.routing.Work;
import dev.littoral.protocol.agent.v1.AgentDescription;
import dev.littoral.protocol.agent.v1.Rates;
import dev.littoral.protocol.agent.v1.StageDescription;
import dev.littoral.protocol.events.AgentTelemetry;
import dev.littoral.scheduler.directory.AgentRef;
import dev.littoral.scheduler.directory.Deployment;
import dev.littoral.scheduler.request.Cancellation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FleetTest {

    private static final AgentRef A = new AgentRef("a", "127.0.0.1:1");
    private static final Deployment TINY = new Deployment("default", "tiny", Instant.EPOCH, List.of(A));
    private static final Work WORK = new Work(100, 50);

    private final AtomicLong nanos = new AtomicLong();
    private final Fleet fleet = new Fleet(nanos::get, Duration.ofSeconds(5));

    @Test
    void anAgentThatNobodyHasHeardOfTakesNothing() {
        assertThat(fleet.snapshot(TINY, WORK)).isEmpty();
    }

    @Test
    void whatWasSentSinceTheReportIsTakenOffItsFreeSlots() {
        fleet.described(A, description(4, 3));
        Lease lease = fleet.lease("a", WORK, new Cancellation());

        // 3 free at the report, less 1; 1 of others and 1 of ours run
        assertThat(load().freeSlots()).isEqualTo(2);
        assertThat(load().runningSequences()).isEqualTo(2);
        lease.close();
        assertThat(load().freeSlots()).isEqualTo(3);
    }

    @Test
    void closingALeaseTwiceGivesOneSlotBack() {
        fleet.described(A, description(2, 2));
        Lease first = fleet.lease("a", WORK, new Cancellation());
        fleet.lease("a", WORK, new Cancellation());
        first.close();
        first.close();

        assertThat(load().freeSlots()).isEqualTo(1);
    }

    @Test
    void theBacklogShrinksAsTokensCome() {
        fleet.described(A, description(2, 2));
        Lease lease = fleet.lease("a", WORK, new Cancellation());

        // 100 / 1000 + 50 / 100 = 0.6 s; then 25 / 100 = 0.25 s; then at least a tenth of 0.5 s
        assertThat(load().backlogSeconds()).isCloseTo(0.6, within(1e-9));
        lease.progress(25);
        assertThat(load().backlogSeconds()).isCloseTo(0.25, within(1e-9));
        lease.progress(500);
        assertThat(load().backlogSeconds()).isCloseTo(0.05, within(1e-9));
    }

    @Test
    void aStaleReportNoLongerSaysThatSlotsAreTaken() {
        fleet.described(A, description(4, 0));
        assertThat(load().freeSlots()).isZero();

        nanos.addAndGet(Duration.ofSeconds(6).toNanos());

        assertThat(load().freeSlots()).isEqualTo(4);
    }

    @Test
    void anAgentThatHadNoSlotIsLeftAloneForAMoment() {
        fleet.described(A, description(4, 4));
        fleet.exhausted(A);
        assertThat(load().freeSlots()).isZero();

        nanos.addAndGet(Duration.ofMillis(20).toNanos());

        assertThat(load().freeSlots()).isEqualTo(4);
    }

    @Test
    void aSilentAgentTakesNothingUntilItSpeaks() {
        fleet.described(A, description(4, 4));
        fleet.silent(A, 3);
        assertThat(fleet.snapshot(TINY, WORK)).isEmpty();

        fleet.described(A, description(4, 4));

        assertThat(load().freeSlots()).isEqualTo(4);
    }

    @Test
    void afterThreeSilencesItsRequestsAreGivenUp() {
        fleet.described(A, description(4, 4));
        Lease lease = fleet.lease("a", WORK, new Cancellation());
        fleet.silent(A, 3);
        fleet.silent(A, 3);
        assertThat(lease.lost()).isFalse();

        fleet.silent(A, 3);

        assertThat(lease.lost()).isTrue();
    }

    @Test
    void telemetryRefinesWhatIsKnown() {
        fleet.described(A, description(4, 4));

        fleet.reported(telemetry("a", 4, 1, 80));

        assertThat(load().freeSlots()).isEqualTo(1);
        assertThat(load().decodeTokensPerSecond()).isEqualTo(80);
        assertThat(load().prefillTokensPerSecond()).isEqualTo(1000);
    }

    @Test
    void telemetryOfStrangersIsIgnored() {
        fleet.reported(telemetry("stranger", 4, 1, 80));

        assertThat(fleet.snapshot(TINY, WORK)).isEmpty();
    }

    @Test
    void aDescriptionThatLiesIsBounded() {
        fleet.described(
                A,
                AgentDescription.newBuilder()
                        .setReady(true)
                        .setSlots(Integer.MAX_VALUE)
                        .setFreeSlots(-5)
                        .setStage(StageDescription.newBuilder().setContextTokens(-1))
                        .setRates(Rates.newBuilder()
                                .setDecodeTokensPerSecond(Double.NaN)
                                .setPrefillTokensPerSecond(Double.POSITIVE_INFINITY))
                        .build());

        assertThat(load().freeSlots()).isZero();
        assertThat(load().runningSequences()).isEqualTo(AgentTelemetry.MAX_SLOTS);
        assertThat(load().decodeTokensPerSecond()).isPositive().isFinite();
        assertThat(fleet.contextTokens(TINY)).isEmpty();
    }

    private AgentLoad load() {
        return fleet.snapshot(TINY, WORK).getFirst();
    }

    private static AgentDescription description(int slots, int free) {
        return AgentDescription.newBuilder()
                .setReady(true)
                .setSlots(slots)
                .setFreeSlots(free)
                .setRates(Rates.newBuilder().setPrefillTokensPerSecond(1000).setDecodeTokensPerSecond(100))
                .build();
    }

    private static AgentTelemetry telemetry(String agent, int slots, int free, double decode) {
        return new AgentTelemetry(
                agent, "n", "default/tiny", "p", 0, slots, free, slots - free, 0, 0, 0, decode, 0, Instant.EPOCH);
    }
}
