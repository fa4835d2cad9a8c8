package dev.littoral.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.operator.devicepool.PoolReason;
import dev.littoral.operator.languagemodel.ModelReason;
import dev.littoral.operator.modeldeployment.DeploymentEvent;
import dev.littoral.operator.modeldeployment.DeploymentReason;
import dev.littoral.operator.quantizationvariant.VariantReason;
import dev.littoral.operator.status.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReasonsDocumentedTest {

    private static final Pattern CELL =
            Pattern.compile("^\\|(?: [A-Z][a-z]+ \\|)? `([A-Z][A-Za-z]+)` \\|", Pattern.MULTILINE);

    @ParameterizedTest
    @MethodSource
    void thePageListsEveryReasonOfAKindAndNoOther(String kind, List<Reason> reasons) throws IOException {
        String page = Files.readString(Path.of("../docs/reference/status.md"));
        String section = page.substring(page.indexOf("\n## " + kind + "\n") + 1).split("\n## ", 2)[0];

        assertThat(CELL.matcher(section).results().map(match -> match.group(1)))
                .containsExactlyInAnyOrderElementsOf(
                        reasons.stream().map(Reason::name).toList());
    }

    static Stream<Arguments> thePageListsEveryReasonOfAKindAndNoOther() {
        return Stream.of(
                Arguments.of("LanguageModel", List.of(ModelReason.values())),
                Arguments.of("QuantizationVariant", List.of(VariantReason.values())),
                Arguments.of("DevicePool", List.of(PoolReason.values())),
                Arguments.of(
                        "ModelDeployment",
                        Stream.<Reason>concat(
                                        Arrays.stream(DeploymentReason.values()),
                                        Arrays.stream(DeploymentEvent.values()))
                                .toList()));
    }
}
