package dev.littoral.operator.modeldeployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.crds.ModelDeployment;
import dev.littoral.operator.languagemodel.Place;
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
        StagePod manifest = new StagePod(settings().agent(), settings().source());

        String pods = PlacementRecords.read(Optional.of(deployment.getStatus())).stream()
                .flatMap(placement -> placement.stages().stream()
                        .map(stage -> manifest.of(
                                deployment, demand(name), placement, stage, Fixtures.node(stage.node(), 500))))
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

    private static Demand demand(String name) {
        Demand wide = Fixtures.wide();
        Place place = switch (name) {
            case "image" ->
                new Place.InImage(
                        "registry.example:5000/team/tiny@sha256:" + "0".repeat(64),
                        "/models/tiny",
                        Optional.of("registry-login"));
            case "claim" -> new Place.InClaim("weights", "llm/tiny");
            case "downloaded" ->
                new Place.Downloaded(
                        "hf://acme/tiny@0123456789abcdef0123456789abcdef01234567",
                        Optional.of("0".repeat(64)),
                        Optional.of("hub-token"));
            default -> wide.place();
        };
        return new Demand(place, wide.shape(), wide.variants(), wide.contextTokens(), wide.slots(), wide.strategy());
    }

    private static OperatorSettings settings() {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(OperatorSettings.class)
                .withDefaultValues(Map.of(
                        "littoral.agent.command", "java,-jar,agent.jar",
                        "littoral.source.hub-endpoint", "https://hub.example",
                        "littoral.source.offline", "true",
                        "littoral.agent.kafka-bootstrap-servers", "broker:9092"))
                .build()
                .getConfigMapping(OperatorSettings.class);
    }
}
