package dev.littoral.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.crds.DevicePoolSpec;
import dev.littoral.crds.DeviceProfile;
import dev.littoral.crds.PoolToleration;
import dev.littoral.operator.settings.OperatorSettings;
import io.fabric8.kubernetes.api.model.Taint;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolMembersTest {

    private final PoolMembers members = new PoolMembers(new OperatorSettings.AssumedProfile() {
        @Override
        public double gflopsPerCpu() {
            return 8;
        }

        @Override
        public long memoryBandwidthBytesPerSecond() {
            return 10;
        }

        @Override
        public long linkBytesPerSecond() {
            return 20;
        }

        @Override
        public double linkLatencySeconds() {
            return 0.5;
        }
    });

    @Test
    void aPoolHasTheNodesThatCarryAllItsLabelsByName() {
        var pool = pool(Map.of("class", "edge", "site", "a"), null);

        var found = members.of(
                pool,
                List.of(
                        node("b", Map.of("class", "edge", "site", "a", "more", "x")),
                        node("a", Map.of("class", "edge", "site", "a")),
                        node("c", Map.of("class", "edge", "site", "b")),
                        node("d", Map.of("class", "edge"))));

        assertThat(found).extracting(member -> member.facts().name()).containsExactly("a", "b");
    }

    @Test
    void thePoolsFiguresGoBeforeTheNodesAndTheNodesBeforeTheAssumed() {
        var declared = new ProfileAnnotation(new DeviceProfile(3, 30.0, null, null, null, null), null);
        var given = pool(Map.of(), new DeviceProfile(null, 99.0, null, 15.0, null, null));

        var profile = only(given, node(true, false, List.of(), declared)).profile();

        assertThat(profile).isEqualTo(new DeviceProfile(3, 99.0, 10L, 15.0, 20L, 0.5));
    }

    @Test
    void withoutAnyFigureTheRateFollowsFromTheCpusAndTheMemberSaysSo() {
        var member = only(pool(Map.of(), null), node(true, false, List.of(), NOTHING_DECLARED));

        // 4 CPUs * 8
        assertThat(member.profile()).isEqualTo(new DeviceProfile(4, 32.0, 10L, null, 20L, 0.5));
        assertThat(member.profileGiven()).isFalse();
    }

    @Test
    void everyFigureGivenCountsAsAGivenProfileEvenWithoutWatts() {
        var complete = new DeviceProfile(1, 1.0, 1L, null, 1L, 0.0);

        assertThat(only(pool(Map.of(), complete), node(true, false, List.of(), NOTHING_DECLARED))
                        .profileGiven())
                .isTrue();
    }

    @Test
    void aNodeThatIsNotReadyOrCordonedTakesNoPod() {
        assertThat(only(pool(Map.of(), null), node(false, true, List.of(), NOTHING_DECLARED))
                        .obstacle())
                .contains("the node does not report that it is ready");
        assertThat(only(pool(Map.of(), null), node(true, true, List.of(), NOTHING_DECLARED))
                        .obstacle())
                .contains("the node is cordoned");
    }

    @ParameterizedTest
    @CsvSource({
        "gpu, Equal, yes, NoSchedule, true",
        "gpu, Equal, no, NoSchedule, false",
        "gpu, Exists, , NoSchedule, true",
        "gpu, Exists, , , true",
        "gpu, Exists, , NoExecute, false",
        ", Exists, , , true",
        "other, Exists, , , false",
    })
    void aTaintKeepsPodsOffUnlessThePoolToleratesIt(
            @Nullable String key, String operator, @Nullable String value, @Nullable String effect, boolean tolerated) {
        var pool = new DevicePoolSpec(Map.of(), List.of(new PoolToleration(key, operator, value, effect)), null);
        var tainted = node(true, false, List.of(new Taint("NoSchedule", "gpu", null, "yes")), NOTHING_DECLARED);

        assertThat(only(pool, tainted).obstacle().isEmpty()).isEqualTo(tolerated);
    }

    @Test
    void aPreferenceAgainstANodeDoesNotKeepPodsOff() {
        var avoided = node(true, false, List.of(new Taint("PreferNoSchedule", "busy", null, "")), NOTHING_DECLARED);

        assertThat(only(pool(Map.of(), null), avoided).obstacle()).isEmpty();
    }

    private static final ProfileAnnotation NOTHING_DECLARED = new ProfileAnnotation(ProfileAnnotation.EMPTY, null);

    private PoolMember only(DevicePoolSpec pool, NodeFacts node) {
        return members.of(pool, List.of(node)).getFirst();
    }

    private static DevicePoolSpec pool(Map<String, String> labels, @Nullable DeviceProfile profile) {
        return new DevicePoolSpec(labels, List.of(), profile);
    }

    private static NodeFacts node(String name, Map<String, String> labels) {
        return new NodeFacts(name, labels, true, false, List.of(), 1, 4, NOTHING_DECLARED);
    }

    private static NodeFacts node(boolean alive, boolean cordoned, List<Taint> taints, ProfileAnnotation declared) {
        return new NodeFacts("n", Map.of(), alive, cordoned, taints, 1, 4, declared);
    }
}
