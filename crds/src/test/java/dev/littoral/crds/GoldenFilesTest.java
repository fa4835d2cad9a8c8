package dev.littoral.crds;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the form of the golden files; whether an API server takes or refuses them is tested against real ones. */
class GoldenFilesTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    private static final Pattern NAME = Pattern.compile("(valid|invalid)-[a-zA-Z0-9]+(-[a-z0-9]+)*\\.yaml");

    private final KubernetesSerialization yaml = new KubernetesSerialization();

    @ParameterizedTest
    @MethodSource("files")
    void isNamedAfterWhatItShows(Path file) {
        assertThat(file.getFileName().toString()).matches(NAME);
    }

    @ParameterizedTest
    @MethodSource("valid")
    void aValidOneBecomesARecordAndTheSameYamlAgain(Path file) throws IOException {
        String text = Files.readString(file);

        HasMetadata resource = yaml.unmarshal(text, kindOf(text));

        assertThat(yaml.unmarshal(yaml.asYaml(resource), Object.class)).isEqualTo(yaml.unmarshal(text, Object.class));
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void anInvalidOneSaysInItsFirstLineWhatIsExpected(Path file) throws IOException {
        assertThat(Files.readAllLines(file).getFirst()).matches("# expect: .{10,}");
    }

    @Test
    void everyKindHasAValidFile() throws IOException {
        assertThat(valid().map(GoldenFilesTest::kindOf).distinct()).hasSameElementsAs(CrdYaml.KINDS);
    }

    static Stream<Path> files() throws IOException {
        try (var files = Files.list(GOLDEN)) {
            return List.copyOf(files.sorted().toList()).stream();
        }
    }

    static Stream<Path> valid() throws IOException {
        return files().filter(file -> file.getFileName().toString().startsWith("valid-"));
    }

    static Stream<Path> invalid() throws IOException {
        return files().filter(file -> file.getFileName().toString().startsWith("invalid-"));
    }

    private static Class<? extends HasMetadata> kindOf(Path file) {
        try {
            return kindOf(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Class<? extends HasMetadata> kindOf(String text) {
        return CrdYaml.KINDS.stream()
                .filter(kind -> text.contains("\nkind: " + kind.getSimpleName() + "\n"))
                .findFirst()
                .orElseThrow();
    }
}
