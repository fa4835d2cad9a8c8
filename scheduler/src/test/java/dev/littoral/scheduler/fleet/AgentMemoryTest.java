package dev.littoral.scheduler.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.littoral.algorithms.routing.FairShare;
import dev.littoral.algorithms.routing.LengthForecast;
import dev.littoral.algorithms.routing.PromptPrefix;
import dev.littoral.algorithms.routing.WaitingRequest;
import dev.littoral.protocol.agent.v1.AgentDescription;
import dev.littoral.scheduler.request.Cancellation;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AgentMemoryTest extends FleetRig {

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
}
