package dev.littoral.scheduler.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.littoral.algorithms.offloading.Iodcc;
import dev.littoral.algorithms.offloading.WarmIodcc;
import dev.littoral.algorithms.routing.AgentSnapshot;
import dev.littoral.algorithms.routing.DispatchRule;
import dev.littoral.algorithms.routing.HoldInOrder;
import dev.littoral.algorithms.routing.LengthForecast;
import dev.littoral.algorithms.routing.MostInTime;
import dev.littoral.algorithms.routing.Prices;
import dev.littoral.algorithms.routing.RunningAnswer;
import dev.littoral.algorithms.routing.Verdict;
import dev.littoral.algorithms.routing.WaitingRequest;
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
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FleetTest extends FleetRig {

    @Test
    void anAgentThatNobodyHasHeardOfTakesNothing() {
        assertThat(fleet.snapshot(TINY, Map.of())).isEmpty();
    }

    @Test
    void whatWasSentSinceTheReportIsTakenOffItsFreeSlots() {
        fleet.described(A, description(4, 3));
        Lease lease = fleet.lease("a", WORK, new Cancellation());

        // 3 free at the report, less 1; 1 of others and 1 of ours run
        assertThat(load().freeSlots()).isEqualTo(2);
        assertThat(load().slots() - load().freeSlots()).isEqualTo(2);
        assertThat(load().running()).hasSize(1);
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

        // 100 prompt tokens and 50 of the answer; then 25; then a fiftieth of what is there
        assertThat(running().unreadTokens()).isEqualTo(100);
        assertThat(running().restTokens()).isCloseTo(50, within(1e-9));
        lease.progress(25);
        assertThat(running().unreadTokens()).isZero();
        assertThat(running().restTokens()).isCloseTo(25, within(0.5));
        lease.progress(500);
        assertThat(running().restTokens()).isCloseTo(10, within(1e-9));
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
        assertThat(fleet.snapshot(TINY, Map.of())).isEmpty();

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
    void anAgentThatWasReadyIsAwaitedUntilItIsHeardOrDead() {
        fleet.silent(A, 3);
        assertThat(fleet.awaitsReturn(TINY)).isFalse();
        fleet.described(A, description(4, 4));
        assertThat(fleet.awaitsReturn(TINY)).isFalse();

        fleet.silent(A, 3);
        fleet.reported(telemetry("a", 4, 1, 80));
        assertThat(fleet.awaitsReturn(TINY)).isTrue();
        fleet.described(A, description(4, 4));
        assertThat(fleet.awaitsReturn(TINY)).isFalse();

        fleet.unreachable(A);
        assertThat(fleet.awaitsReturn(TINY)).isTrue();
        fleet.dead(A);
        // a call that ends late
        fleet.unreachable(A);
        assertThat(fleet.awaitsReturn(TINY)).isFalse();
    }

    @Test
    void telemetryRefinesWhatIsKnown() {
        fleet.described(A, description(4, 4));

        fleet.reported(telemetry("a", 4, 1, 80));

        assertThat(load().freeSlots()).isEqualTo(1);
        assertThat(load().times().secondsPerAnswerToken()).isCloseTo(1 / 80.0, within(1e-9));
        assertThat(load().times().secondsPerPromptToken()).isCloseTo(1 / 1000.0, within(1e-9));
    }

    @Test
    void telemetryOfStrangersIsIgnored() {
        fleet.reported(telemetry("stranger", 4, 1, 80));

        assertThat(fleet.snapshot(TINY, Map.of())).isEmpty();
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
        assertThat(load().slots()).isEqualTo(AgentTelemetry.MAX_SLOTS);
        assertThat(load().times().secondsPerAnswerToken()).isPositive().isFinite();
        assertThat(fleet.contextTokens(TINY)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.MIN_VALUE, 1e-310, 1e-308, 1e-300, 1e300, Double.MAX_VALUE})
    void aRateThatCannotBeKeepsNobodyFromTheOtherAgents(double rate) {
        AgentRef honest = new AgentRef("b", "127.0.0.1:2");
        Deployment both = new Deployment("default", "tiny", Instant.EPOCH, List.of(A, honest));
        WaitingRequest request =
                new WaitingRequest(0, 0, Double.POSITIVE_INFINITY, 100, new LengthForecast(50, 50, 100));
        Rates said = Rates.newBuilder()
                .setPrefillTokensPerSecond(rate)
                .setDecodeTokensPerSecond(rate)
                .build();
        fleet.described(A, described(2, 2, 100).setRates(said).build());
        fleet.described(honest, description(2, 2));

        assertOneStarts(request, fleet.snapshot(both, Map.of()));
        // the same by way of Kafka
        fleet.described(A, description(2, 2));
        fleet.reported(telemetry("a", 2, 2, rate));
        assertOneStarts(request, fleet.snapshot(both, Map.of()));
    }

    private static void assertOneStarts(WaitingRequest request, List<AgentSnapshot> agents) {
        assertThat(agents).hasSize(2);
        assertThat(agents).allSatisfy(each -> {
            assertThat(each.times().perToken(2)).isBetween(0.0, 1e4);
            assertThat(each.times().prefill(1e6)).isBetween(0.0, 1e10);
        });
        DispatchRule iodcc =
                HoldInOrder.shortestFirst(() -> Prices.NONE).solvedBy(new WarmIodcc(Iodcc.standard())::solve);
        for (DispatchRule rule : List.of(iodcc, MostInTime.standard())) {
            WaitingRequest other = new WaitingRequest(1, 0, Double.POSITIVE_INFINITY, 100, request.answer());
            assertThat(rule.decide(0, List.of(request, other), agents))
                    .anyMatch(verdict -> verdict instanceof Verdict.Start);
        }
    }

    private RunningAnswer running() {
        return load().running().getFirst();
    }
}
