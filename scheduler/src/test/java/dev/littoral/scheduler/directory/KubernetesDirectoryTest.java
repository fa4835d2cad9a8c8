package dev.littoral.scheduler.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.crds.DevicePool;
import dev.littoral.crds.ModelDeployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KubernetesDirectoryTest {

    @Test
    void theHeadsOfReadyReplicasTakeRequests() {
        Deployment deployment = read(
                stage(0, 0, "127.0.0.1:9090", true),
                stage(0, 1, "127.0.0.2:9090", true),
                stage(1, 0, "127.0.0.3:9090", true),
                stage(1, 1, "127.0.0.4:9090", false),
                stage(2, 0, "[::1]:9090", true));

        assertThat(deployment)
                .isEqualTo(new Deployment(
                        "default",
                        "tiny",
                        Instant.parse("2026-11-21T05:00:00Z"),
                        List.of(new AgentRef("p00", "127.0.0.1:9090"), new AgentRef("p20", "[::1]:9090"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:99999999", "a/b:1", "unix:x:1"})
    void anAddressThatCannotBeOneIsLeftOut(String address) {
        assertThat(read(stage(0, 0, address, true)).heads()).isEmpty();
    }

    @Test
    void aDeploymentWithoutStatusHasNoHeads() {
        String yaml = "metadata: {name: tiny, namespace: default, creationTimestamp: yesterday}";

        Deployment deployment = KubernetesDirectory.deployment(Serialization.unmarshal(yaml, ModelDeployment.class));

        assertThat(deployment.heads()).isEmpty();
        assertThat(deployment.created()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void promisesAndPlacesAreReadWhereTheyAreStated() {
        String yaml = """
                metadata: {name: tiny, namespace: default}
                spec: {promises: {joulesPerToken: 1.5, moneyPerThousandTokens: 2, missedShare: .05}}
                status: {stages: [
                  {replica: 0, index: 0, pod: p00, node: jetson, bits: [8, 8]},
                  {replica: 0, index: 1, pod: p01, node: server, bits: [8, 4]}]}
                """;

        Deployment deployment = KubernetesDirectory.deployment(Serialization.unmarshal(yaml, ModelDeployment.class));

        assertThat(deployment.promised())
                .isEqualTo(new Deployment.Promised(1.5, 0.002, Double.POSITIVE_INFINITY, 0.05));
        assertThat(deployment.places()).isEqualTo(Map.of("p00", new Deployment.Place(List.of("jetson", "server"), 4)));
    }

    @ParameterizedTest
    @CsvSource({
        "'{moneyPerThousandTokens: 0}', Infinity, 0, Infinity, Infinity",
        "'{lowBitShare: 0}', Infinity, Infinity, 0, Infinity",
        "'{missedShare: 0}', Infinity, Infinity, Infinity, 0",
        "'{joulesPerToken: 0, missedShare: 0.5}', Infinity, Infinity, Infinity, 0.5",
        "'{moneyPerThousandTokens: -1, lowBitShare: -1, missedShare: -1}', Infinity, Infinity, Infinity, Infinity",
        "'{}', Infinity, Infinity, Infinity, Infinity"
    })
    void aBudgetOfNothingIsAPromiseWhereAnAnswerCanBeWithout(
            String promises, double joules, double money, double lowBits, double missed) {
        String yaml = """
                metadata: {name: tiny, namespace: default}
                spec: {promises: %s}
                """.formatted(promises);

        Deployment deployment = KubernetesDirectory.deployment(Serialization.unmarshal(yaml, ModelDeployment.class));

        assertThat(deployment.promised()).isEqualTo(new Deployment.Promised(joules, money, lowBits, missed));
    }

    @Test
    void aPoolTellsWhatItsNodesDrawAndCost() {
        String yaml = """
                metadata: {name: edge, namespace: default}
                spec: {nodeSelector: {a: b}, budgetWatts: 120, moneyPerHour: .5}
                status: {nodes: [{name: jetson, profile: {watts: 20}}, {name: unknown, profile: {}}]}
                """;

        Pool pool = KubernetesPools.pool(Serialization.unmarshal(yaml, DevicePool.class));

        assertThat(pool).isEqualTo(new Pool("default", "edge", 120, 0.5, Map.of("jetson", 20.0, "unknown", 0.0)));
    }

    private static String stage(int replica, int index, String address, boolean ready) {
        return "{replica: %d, index: %d, pod: p%d%d, address: '%s', ready: %s}"
                .formatted(replica, index, replica, index, address, ready);
    }

    private static Deployment read(String... stages) {
        String yaml = """
                metadata: {name: tiny, namespace: default, creationTimestamp: "2026-11-21T05:00:00Z"}
                status: {stages: [%s]}
                """.formatted(String.join(", ", stages));
        return KubernetesDirectory.deployment(Serialization.unmarshal(yaml, ModelDeployment.class));
    }
}
