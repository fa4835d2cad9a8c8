package dev.littoral.scheduler.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class SharesTest {

    private final Shares shares = new Shares(16);

    @Test
    void whoIsAloneMayHaveAll() {
        take("p", 0, 15);

        assertThat(room("p", 0, Set.of("p"))).isTrue();
        take("p", 0, 1);
        assertThat(room("p", 0, Set.of("p"))).isFalse();
    }

    @Test
    void eachOtherSourceIsKeptSome() {
        Set<String> two = Set.of("p", "q");
        // 16 / 4 / 2 = 2 are kept for q
        take("p", 0, 14);

        assertThat(room("p", 0, two)).isFalse();
        assertThat(room("q", 0, two)).isTrue();
        take("q", 0, 1);
        assertThat(room("p", 0, two)).isFalse();
        assertThat(room("q", 0, two)).isTrue();
    }

    @Test
    void whatASourceHasNeedNotBeKeptForIt() {
        take("q", 0, 2);
        take("p", 0, 13);

        assertThat(room("p", 0, Set.of("p", "q"))).isTrue();
    }

    @Test
    void negativePrioritiesHaveAtMostHalf() {
        take("p", -1, 8);

        assertThat(room("p", -1, Set.of("p"))).isFalse();
        assertThat(room("p", 0, Set.of("p"))).isTrue();
    }

    @Test
    void whatIsGivenBackMayBeTakenAgain() {
        take("p", -1, 8);
        shares.giveBack(place("p", -1), 8);

        assertThat(room("p", -1, Set.of("p"))).isTrue();
    }

    @Test
    void theOnlyPlaceIsForAnybody() {
        assertThat(new Shares(1).room(place("p", -1), Set.of("p", "q"))).isTrue();
    }

    private void take(String source, int priority, int times) {
        for (int each = 0; each < times; each++) {
            shares.take(place(source, priority), 1);
        }
    }

    private boolean room(String source, int priority, Set<String> sources) {
        return shares.room(place(source, priority), sources);
    }

    private static Place place(String source, int priority) {
        return new Place(source, 0, priority, 1);
    }
}
