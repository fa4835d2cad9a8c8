package dev.littoral.scheduler.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Of {@link HandlerRig.Settings}: a hundred ids are remembered. */
class OnceOnlyTest {

    private final OnceOnly onceOnly = new OnceOnly(new HandlerRig.Settings());

    @Test
    void whatIsReadBackIsTheSameRequestOrAnotherOne() {
        onceOnly.remember(0, Map.of("r1", "digest"));

        assertThat(begin("r1", "digest")).isInstanceOf(OnceOnly.Start.Again.class);
        assertThat(begin("r1", "other")).isInstanceOf(OnceOnly.Start.Other.class);
        assertThat(begin("r2", "digest")).isInstanceOf(OnceOnly.Start.Fresh.class);
    }

    @Test
    void theOldestIsForgottenOfThePartitionThatHasTheMost() {
        onceOnly.remember(0, ids("a", 100));
        onceOnly.remember(1, ids("b", 100));

        assertThat(remembered("a", 100)).isEqualTo(IntStream.range(50, 100).toArray());
        assertThat(remembered("b", 100)).isEqualTo(IntStream.range(50, 100).toArray());
    }

    @Test
    void aPartitionThatWentAwayLeavesItsRoomToTheOthers() {
        onceOnly.remember(0, ids("a", 100));
        onceOnly.forget(0);
        onceOnly.remember(1, ids("b", 100));

        assertThat(remembered("a", 100)).isEmpty();
        assertThat(remembered("b", 100)).hasSize(100);
    }

    @Test
    void whatIsRecoveredIsRememberedHoweverMuchItIsUntilItIsSettled() {
        onceOnly.recover(0, ids("a", 500));
        onceOnly.remember(0, ids("b", 100));

        assertThat(remembered("a", 500)).hasSize(500);
        assertThat(remembered("b", 100)).hasSize(100);
        assertThat(begin("a7", "other")).isInstanceOf(OnceOnly.Start.Other.class);

        onceOnly.settle(0);

        // from now on it shares the room with the others
        assertThat(remembered("a", 500).length + remembered("b", 100).length).isEqualTo(100);
    }

    @Test
    void whatIsRecoveredGoesWithItsPartition() {
        onceOnly.recover(0, ids("a", 10));
        onceOnly.recover(1, ids("b", 10));

        onceOnly.forget(0);

        assertThat(remembered("a", 10)).isEmpty();
        assertThat(remembered("b", 10)).hasSize(10);
    }

    private static Map<String, String> ids(String prefix, int count) {
        Map<String, String> ids = new LinkedHashMap<>();
        IntStream.range(0, count).forEach(each -> ids.put(prefix + each, "digest"));
        return ids;
    }

    private int[] remembered(String prefix, int count) {
        return IntStream.range(0, count)
                .filter(each -> begin(prefix + each, "digest") instanceof OnceOnly.Start.Again)
                .toArray();
    }

    /** Begins nothing that goes on. */
    private OnceOnly.Start begin(String id, String digest) {
        OnceOnly.Run run = OnceOnly.Run.begin(0);
        OnceOnly.Start start = onceOnly.begin(id, digest, run);
        if (start instanceof OnceOnly.Start.Fresh) {
            onceOnly.leave(id, run);
        }
        return start;
    }
}
