package dev.littoral.scheduler.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.scheduler.promises.AgentMeter;
import dev.littoral.scheduler.request.Cancellation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgentMeterTest extends FleetRig {

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
}
