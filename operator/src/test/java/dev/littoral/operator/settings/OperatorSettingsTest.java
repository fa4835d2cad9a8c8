package dev.littoral.operator.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OperatorSettingsTest {

    private static final Pattern ROW =
            Pattern.compile("^\\| `(littoral[^`]+)` \\| (?:`([^`]*)`)? ?\\|", Pattern.MULTILINE);

    @Test
    void thePageListsEverySettingWithItsDefault() throws IOException {
        Map<String, String> documented = ROW.matcher(
                        Files.readString(Path.of("../docs/reference/operator-settings.md")))
                .results()
                .collect(Collectors.toMap(
                        row -> row.group(1), OperatorSettingsTest::defaultOf, (a, b) -> a, TreeMap::new));
        Map<String, String> mapped = new TreeMap<>();
        ConfigMappings.getProperties(ConfigClass.configClass(OperatorSettings.class))
                .forEach((name, property) -> mapped.put(
                        name.replace("[*]", ""),
                        property.hasDefaultValue() ? String.valueOf(property.getDefaultValue()) : ""));

        assertThat(documented).isEqualTo(mapped);
    }

    @Test
    void theOperatorStartsWithoutAnySetting() {
        OperatorSettings settings = settings(Map.of());

        assertThat(settings.agent().runtimeBytes()).isEqualTo(new ByteCount(256L << 20));
        assertThat(settings.placement().retryAfter()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.leaderElection().leaseName()).isEmpty();
    }

    @Test
    void sizesAreQuantities() {
        assertThat(settings(Map.of("littoral.agent.runtime-bytes", "1Gi"))
                        .agent()
                        .runtimeBytes())
                .isEqualTo(new ByteCount(1L << 30));
    }

    @Test
    void aSizeThatIsNoneIsRefusedWithItsText() {
        assertThatThrownBy(() -> settings(Map.of("littoral.agent.runtime-bytes", "plenty")))
                .hasMessageContaining("plenty");
    }

    private static String defaultOf(MatchResult row) {
        return row.group(2) == null ? "" : row.group(2);
    }

    private static OperatorSettings settings(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(OperatorSettings.class)
                .withDefaultValues(values)
                .build()
                .getConfigMapping(OperatorSettings.class);
    }
}
