package dev.littoral.scheduler.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.littoral.protocol.events.WaitingTelemetry;
import dev.littoral.scheduler.fleet.HeldRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WaitingLoopTest {

    private final List<WaitingTelemetry> sent = new ArrayList<>();
    private Map<String, List<HeldRequest>> waiting = Map.of();
    private boolean others = true;
    private boolean away;
    private final WaitingLoop loop = loop(128);

    private record Settings(int mostRequests) implements PeerSettings {

        @Override
        public Duration interval() {
            return Duration.ofMillis(250);
        }

        @Override
        public Duration maxAge() {
            return Duration.ofSeconds(1);
        }
    }

    @Test
    void anIdleSchedulerSaysNothing() {
        loop.once();
        loop.once();

        assertThat(sent).isEmpty();
    }

    @Test
    void whatWaitsIsToldAgainAndAgainAndThenOnceThatNothingDoes() {
        waiting = Map.of(Held.TINY, List.of(Held.request(1, 0, 10, 10)));
        loop.once();
        loop.once();
        waiting = Map.of();
        loop.once();
        loop.once();

        assertThat(sent).extracting(each -> each.waiting().size()).containsExactly(1, 1, 0);
        assertThat(sent).allSatisfy(each -> assertThat(each.scheduler()).isEqualTo("self"));
    }

    @Test
    void thatNothingWaitsIsSaidAgainWhenItCouldNotBeSent() {
        waiting = Map.of(Held.TINY, List.of(Held.request(1, 0, 10, 10)));
        loop.once();
        waiting = Map.of();
        away = true;
        loop.once();
        away = false;
        loop.once();
        loop.once();

        assertThat(sent).extracting(each -> each.waiting().size()).containsExactly(1, 0);
    }

    @Test
    void aSchedulerThatIsAloneSaysNothing() {
        others = false;
        waiting = Map.of(Held.TINY, List.of(Held.request(1, 0, 10, 10)));

        loop.once();

        assertThat(sent).isEmpty();
    }

    @Test
    void moreThanARecordMayListIsRejectedByName() {
        assertThatThrownBy(() -> loop(257)).hasMessageContaining("littoral.peers.most-requests");
        assertThatThrownBy(() -> loop(0)).hasMessageContaining("littoral.peers.most-requests");
    }

    private WaitingLoop loop(int most) {
        return new WaitingLoop(
                "self",
                () -> waiting,
                () -> 5,
                () -> others,
                telemetry -> {
                    if (!away) {
                        sent.add(telemetry);
                    }
                    return !away;
                },
                new Settings(most));
    }
}
