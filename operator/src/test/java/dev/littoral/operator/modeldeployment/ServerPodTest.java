package dev.littoral.operator.modeldeployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.crds.ModelDeployment;
import dev.littoral.operator.settings.OperatorSettings;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** From a deployment that names a server ({@code in-server.yaml}) to its pods ({@code out-server.yaml}). */
class ServerPodTest {

    private static final Path GOLDEN = Path.of("src/test/resources/server-pods");

    private final KubernetesSerialization yaml = new KubernetesSerialization();

    @Test
    void everyNodeGetsThisPod() throws IOException {
        ModelDeployment deployment =
                yaml.unmarshal(Files.readString(GOLDEN.resolve("in-server.yaml")), ModelDeployment.class);
        var spec = deployment.getSpec();
        var demand = new ServerDemand(
                Objects.requireNonNull(spec.server()), Objects.requireNonNull(spec.contextTokens()), spec.slots());
        List<Candidate> nodes = List.of(Fixtures.node("one", 500), Fixtures.node("two", 500));
        Decision decision = new ServerDecider("chat", demand, nodes, 64 * Fixtures.MIB, "2026-01-01T00:00:00Z")
                .decide(true, List.of());
        ServerPod manifest = new ServerPod(settings());

        String pods = decision.placements().stream()
                .flatMap(placement -> placement.stages().stream()
                        .map(stage ->
                                manifest.of(deployment, demand, placement, stage, Fixtures.node(stage.node(), 500))))
                .map(yaml::asYaml)
                .collect(Collectors.joining());

        Path expected = GOLDEN.resolve("out-server.yaml");
        if (Boolean.getBoolean("littoral.golden.regenerate")) {
            Files.writeString(expected, pods);
        }
        assertThat(pods).isEqualTo(Files.readString(expected));
    }

    private static OperatorSettings.Agent settings() {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(OperatorSettings.class)
                .withDefaultValues(Map.of("littoral.agent.command", "java,-jar,agent.jar"))
                .build()
                .getConfigMapping(OperatorSettings.class)
                .agent();
    }
}
