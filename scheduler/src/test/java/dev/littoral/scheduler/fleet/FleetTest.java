package dev.littoral.scheduler.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.littoral.algorithms.routing.AgentChoice;
import dev.littoral.algorithms.routing.AgentSnapshot;
import dev.littoral.algorithms.routing.FairShare;
import dev.littoral.algorithms.routing.LengthForecast;
import dev.littoral.algorithms.routing.PromptPrefix;
import dev.littoral.algorithms.routing.RunningAnswer;
import dev.littoral.algorithms.routing.SendAtOnce;
import dev.littoral.algorithms.routing.Verdict;
import dev.littoral.algorithms.routing.WaitingRequest;
import dev.littoral.protocol.agent.v1.AgentDescription;
import dev.littoral.protocol.agent.v1.Rates;
import dev.littoral.protocol.agent.v1.StageDescription;
import dev.littoral.protocol.events.AgentTelemetry;
import dev.littoral.scheduler.directory.AgentRef;
import dev.littoral.scheduler.directory.Deployment;
import dev.littoral.scheduler.promises.AgentMeter;
import dev.littoral.scheduler.request.Cancellation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FleetTest {

    private static final AgentRef A = new AgentRef("a", "127.0.0.1:1");
    private static final Deployment TINY = new Deployment("default", "tiny", Instant.EPOCH, List.of(A));
    private static final WaitingRequest WORK =
            new WaitingRequest(0, 0, Double.POSITIVE_INFINITY, 100, LengthForecast.exactly(50));

    private final AtomicLong nanos = new AtomicLong();
    private final Fleet fleet = new Fleet(nanos::get, Duration.ofSeconds(5), 1);

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

    private AgentSnapshot load() {
        return fleet.snapshot(TINY, Map.of()).getFirst();
    }

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

    @Test
    void memoryIsReservedByTheUpperQuantileAndCorrectedAsAnAnswerRunsOn() {
        AgentDescription.Builder common = described(2, 2, 100);
        common.getStageBuilder().setKvTokens(1000);
        fleet.described(A, common.build());
        assertThat(load().freeTokens()).isEqualTo(1000);
        WaitingRequest request =
                new WaitingRequest(0, 0, Double.POSITIVE_INFINITY, 100, new LengthForecast(110, 100, 200));

        Lease lease = fleet.lease("a", request, new Cancellation());

        // the prompt and what one in ten answers exceeds
        assertThat(load().freeTokens()).isCloseTo(700, within(1e-9));
        lease.progress(180);
        assertThat(load().freeTokens()).isCloseTo(900 - request.answer().upperAfter(180), within(1e-9));
        assertThat(load().freeTokens()).isLessThan(700);
        lease.close();
        assertThat(load().freeTokens()).isEqualTo(1000);
    }

    @Test
    void slotsWithRoomOfTheirOwnNeedNoReservation() {
        fleet.described(A, described(2, 2, 100).build());
        WaitingRequest endless = new WaitingRequest(0, 0, Double.POSITIVE_INFINITY, 100, LengthForecast.exactly(1e6));

        fleet.lease("a", endless, new Cancellation());

        assertThat(load().freeTokens()).isInfinite();
    }

    @Test
    void noAnswerReservesMoreThanAContext() {
        AgentDescription.Builder common = described(2, 2, 100);
        common.getStageBuilder().setKvTokens(1000);
        fleet.described(A, common.build());
        WaitingRequest endless = new WaitingRequest(0, 0, Double.POSITIVE_INFINITY, 100, LengthForecast.exactly(1e6));

        fleet.lease("a", endless, new Cancellation());

        // of a context of 512
        assertThat(load().freeTokens()).isEqualTo(488);
    }

    @Test
    void whatAnAgentReadLastNeedNotBeReadAgain() {
        fleet.described(A, description(2, 2));
        PromptPrefix prefix = new PromptPrefix.Reader().read("a".repeat(1280)).prefix();
        WaitingRequest request = new WaitingRequest(
                0, 0, Double.POSITIVE_INFINITY, 320, LengthForecast.exactly(10), FairShare.NOBODY, prefix);
        assertThat(load().unheldTokens(request)).isEqualTo(320);

        read(request);

        assertThat(load().unheldTokens(request)).isEqualTo(1);
        fleet.dead(A);
        fleet.described(A, description(2, 2));
        assertThat(load().unheldTokens(request)).isEqualTo(320);
    }

    @Test
    void aPromptThatAnAgentRefusedIsNotHeldThere() {
        fleet.described(A, description(2, 2));
        PromptPrefix prefix = new PromptPrefix.Reader().read("a".repeat(1280)).prefix();
        WaitingRequest request = new WaitingRequest(
                0, 0, Double.POSITIVE_INFINITY, 320, LengthForecast.exactly(10), FairShare.NOBODY, prefix);

        Lease refused = fleet.lease("a", request, new Cancellation());
        assertThat(load().unheldTokens(request)).isEqualTo(320);
        refused.exhausted();
        refused.close();

        assertThat(load().unheldTokens(request)).isEqualTo(320);
    }

    @Test
    void whatAnAgentReadThatWasGivenUpIsNotHeldThere() {
        fleet.described(A, description(2, 2));
        PromptPrefix prefix = new PromptPrefix.Reader().read("a".repeat(1280)).prefix();
        WaitingRequest request = new WaitingRequest(
                0, 0, Double.POSITIVE_INFINITY, 320, LengthForecast.exactly(10), FairShare.NOBODY, prefix);
        Lease late = fleet.lease("a", request, new Cancellation());

        fleet.dead(A);
        late.progress(0);

        fleet.described(A, description(2, 2));
        assertThat(load().unheldTokens(request)).isEqualTo(320);
    }

    private void read(WaitingRequest request) {
        Lease lease = fleet.lease("a", request, new Cancellation());
        lease.progress(0);
        lease.close();
    }

    @Test
    void aPromptThatIsHeldSaysNothingOfHowFastOthersAreRead() {
        fleet.described(A, description(2, 2));
        PromptPrefix prefix = new PromptPrefix.Reader().read("a".repeat(1280)).prefix();
        WaitingRequest request = new WaitingRequest(
                0, 0, Double.POSITIVE_INFINITY, 320, LengthForecast.exactly(10), FairShare.NOBODY, prefix);
        read(request);
        assertThat(load().unheldTokens(request)).isEqualTo(1);
        double before = load().times().secondsPerPromptToken();

        Lease again = fleet.lease("a", request, new Cancellation());
        nanos.addAndGet(Duration.ofMillis(50).toNanos());
        again.progress(0);

        assertThat(load().times().secondsPerPromptToken()).isEqualTo(before);
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
    void metersCountWorkOnceAndAnswersEach() {
        fleet.described(A, description(4, 4));
        Lease one = fleet.lease("a", WORK, new Cancellation());
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        Lease other = fleet.lease("a", WORK, new Cancellation());
        one.progress(30);
        nanos.addAndGet(Duration.ofSeconds(3).toNanos());
        one.close();
        other.progress(5);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());

        // 6 s of work; 5 s and 4 s of answers
        assertThat(fleet.meters()).containsExactly(new AgentMeter("a", 6, 6, 9, 35));
        other.close();
        nanos.addAndGet(Duration.ofSeconds(100).toNanos());
        assertThat(fleet.meters()).containsExactly(new AgentMeter("a", 6, 6, 9, 35));
    }

    @Test
    void schedulersThatShareAnAgentTogetherCountItsWorkOnce() {
        Fleet other = new Fleet(nanos::get, Duration.ofSeconds(5), 1);
        fleet.described(A, description(4, 4));
        other.described(A, description(4, 4));
        Lease here = fleet.lease("a", WORK, new Cancellation());
        List<Lease> there = List.of(
                other.lease("a", WORK, new Cancellation()),
                other.lease("a", WORK, new Cancellation()),
                other.lease("a", WORK, new Cancellation()));
        // it says that all its slots are taken
        fleet.described(A, description(4, 0));
        other.described(A, description(4, 0));
        nanos.addAndGet(Duration.ofSeconds(8).toNanos());

        // 8 s of work for four answers, of which one is of this scheduler
        assertThat(fleet.meters()).containsExactly(new AgentMeter("a", 8, 2, 8, 0));
        assertThat(other.meters()).containsExactly(new AgentMeter("a", 8, 6, 24, 0));

        here.close();
        fleet.described(A, description(4, 1));
        nanos.addAndGet(Duration.ofSeconds(8).toNanos());

        // busy for all, and work of the other one
        assertThat(fleet.meters()).containsExactly(new AgentMeter("a", 16, 2, 8, 0));
        there.forEach(Lease::close);
        fleet.described(A, description(4, 4));
        other.described(A, description(4, 4));
        nanos.addAndGet(Duration.ofSeconds(8).toNanos());
        assertThat(fleet.meters().getFirst().busySeconds()).isEqualTo(16);
        assertThat(other.meters().getFirst().busySeconds()).isEqualTo(16);
        assertThat(fleet.meters().getFirst().workSeconds()
                        + other.meters().getFirst().workSeconds())
                // the other one had not heard of the fourth's end
                .isEqualTo(2 + 6 + 6);
    }

    @Test
    void anAgentThatIsGoneIsNotTakenForBusy() {
        fleet.described(A, description(4, 1));
        fleet.unreachable(A);
        nanos.addAndGet(Duration.ofSeconds(8).toNanos());

        assertThat(fleet.meters().getFirst().busySeconds()).isZero();
    }

    private RunningAnswer running() {
        return load().running().getFirst();
    }

    private static AgentDescription description(int slots, int free) {
        return description(slots, free, 100);
    }

    private static AgentDescription description(int slots, int free, double tokensPerSecond) {
        return described(slots, free, tokensPerSecond).clearStage().build();
    }

    private static AgentDescription.Builder described(int slots, int free, double tokensPerSecond) {
        return AgentDescription.newBuilder()
                .setReady(true)
                .setSlots(slots)
                .setFreeSlots(free)
                .setStage(StageDescription.newBuilder().setContextTokens(512))
                .setRates(Rates.newBuilder().setPrefillTokensPerSecond(1000).setDecodeTokensPerSecond(tokensPerSecond));
    }

    private static AgentTelemetry telemetry(String agent, int slots, int free, double decode) {
        return new AgentTelemetry(
                agent, "n", "default/tiny", "p", 0, slots, free, slots - free, 0, 0, 0, decode, 0, Instant.EPOCH);
    }
}
