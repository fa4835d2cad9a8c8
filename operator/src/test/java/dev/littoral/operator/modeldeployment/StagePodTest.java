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
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** From a deployment with its plan ({@code in-NAME.yaml}) to its pods ({@code out-NAME.yaml}). */
class StagePodTest {

    private static final Path GOLDEN = Path.of("src/test/resources/stage-pods");

    private final KubernetesSerialization yaml = new KubernetesSerialization();

    @ParameterizedTest
    @MethodSource("names")
    void aPlanBecomesThesePods(String name) throws IOException {
        ModelDeployment deployment =
                yaml.unmarshal(Files.readString(GOLDEN.resolve("in-" + name + ".yaml")), ModelDeployment.class);
        StagePod manifest = new StagePod(settings());

        String pods = PlacementRecords.read(Optional.of(deployment.getStatus())).stream()
                .flatMap(placement -> placement.stages().stream()
                        .map(stage -> manifest.of(
                                deployment, Fixtures.wide(), placement, stage, Fixtures.node(stage.node(), 500))))
                .map(yaml::asYaml)
                .collect(Collectors.joining());

        Path expected = GOLDEN.resolve("out-" + name + ".yaml");
        if (Boolean.getBoolean("littoral.golden.regenerate")) {
            Files.writeString(expected, pods);
        }
        assertThat(pods).isEqualTo(Files.readString(expected));
    }

    @Test
    void everyFileIsUsed() throws IOException {
        List<String> names = names().toList();
        try (var files = Files.list(GOLDEN)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(names.stream()
                            .flatMap(name -> Stream.of("in-" + name + ".yaml", "out-" + name + ".yaml"))
                            .toList());
        }
    }

    static Stream<String> names() throws IOException {
        try (var files = Files.list(GOLDEN)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(file -> file.startsWith("in-"))
                    .map(file -> file.substring(3, file.length() - ".yaml".length()))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static OperatorSettings.Agent settings() {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(OperatorSettings.class)
                .withDefaultValues(Map.of(
                        "littoral.agent.command", "java,-jar,agent.jar",
                        "littoral.agent.kafka-bootstrap-servers", "broker:9092"))
                .build()
                .getConfigMapping(OperatorSettings.class)
                .agent();
    }
}
