package dev.littoral.operator.languagemodel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.crds.ModelSource;
import dev.littoral.sources.Fetcher;
import dev.littoral.sources.ModelUri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourcesTest {

    private static final Reading FOUND = new Reading.Unusable(ModelReason.ConfigMissing, "asked");

    private final List<Path> asked = new ArrayList<>();
    private final List<Fetcher.Wanted> wanted = new ArrayList<>();

    @TempDir
    private Path claims;

    private Sources sources = sources(Path.of("/nowhere"));

    @BeforeEach
    void mount() {
        sources = sources(claims);
    }

    private Sources sources(Path folder) {
        return new Sources(
                List.of("/models", "/srv/more/"),
                folder,
                read -> {
                    asked.add(read);
                    return FOUND;
                },
                (key, one) -> {
                    wanted.add(one);
                    return new Reading.Unusable(ModelReason.SourceReading, "asked");
                },
                (namespace, name) -> name.equals("gone")
                        ? Optional.empty()
                        : Optional.of(Map.of("HF_TOKEN", "of " + namespace + "/" + name)));
    }

    @Test
    void aFolderBelowARootIsRead() {
        assertThat(read("file:///models/target")).isEqualTo(FOUND);
        assertThat(read("file:///srv/more/a/b")).isEqualTo(FOUND);
        assertThat(asked).containsExactly(Path.of("/models/target"), Path.of("/srv/more/a/b"));
    }

    @Test
    void aRootItselfIsRead() {
        assertThat(read("file:///models")).isEqualTo(FOUND);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc",
                "file:///models-of-others/x",
                "file:///models/../etc",
                "file:///models/%2e%2e/etc",
                "file:///models/a/..%2f..%2f..%2fetc"
            })
    void aFolderOutsideTheRootsIsForbiddenHoweverItIsWritten(String uri) {
        assertThat(read(uri)).isInstanceOfSatisfying(Reading.Unusable.class, refused -> {
            assertThat(refused.reason()).isEqualTo(ModelReason.SourceForbidden);
            assertThat(refused.message()).contains("/models", "littoral.checkpoint.roots");
        });
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hf://owner/name@main",
                "s3://bucket/model",
                "https://host/model",
                "https://host/model.zip",
                "oci://host/model:v1"
            })
    void whatLiesElsewhereIsReadByItsOutlineWithTheSecretOfTheNamespace(String uri) {
        Reading reading = sources.read("team", new ModelSource(uri, null, "login", null));

        assertThat(reading).isEqualTo(new Reading.Unusable(ModelReason.SourceReading, "asked"));
        assertThat(wanted).singleElement().satisfies(one -> {
            assertThat(one.uri()).isEqualTo(ModelUri.parse(uri));
            assertThat(one.credentials().get("HF_TOKEN")).contains("of team/login");
        });
    }

    @Test
    void aSecretThatIsMissingIsNamed() {
        assertThat(sources.read("team", new ModelSource("hf://owner/name", null, "gone", null)))
                .isInstanceOfSatisfying(Reading.Unusable.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(ModelReason.SecretNotFound);
                    assertThat(refused.message()).contains("gone", "team");
                });
        assertThat(wanted).isEmpty();
    }

    @Test
    void aClaimIsReadWhereItIsMountedIntoTheOperator() throws IOException {
        Path mounted = Files.createDirectories(claims.resolve("team/weights"));

        assertThat(sources.read("team", new ModelSource("pvc://weights/llm/tiny", null, null, null)))
                .isEqualTo(FOUND);
        assertThat(asked).containsExactly(mounted.resolve("llm/tiny"));
    }

    @Test
    void aClaimThatIsNotMountedIsSaidWithThePath() {
        assertThat(sources.read("other", new ModelSource("pvc://weights/llm", null, null, null)))
                .isInstanceOfSatisfying(Reading.Unusable.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(ModelReason.ClaimNotMounted);
                    assertThat(refused.message())
                            .contains(claims.resolve("other/weights").toString());
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///models/a b",
                "file:///models/%zz",
                "file:///models/%00",
                "file:relative",
                "file://",
                "FILE:///x"
            })
    void whatIsNoUriOfAFolderIsRefusedAndDoesNotThrow(String uri) {
        assertThat(read(uri))
                .isInstanceOfSatisfying(
                        Reading.Unusable.class,
                        refused -> assertThat(refused.reason()).isEqualTo(ModelReason.SourceInvalid));
        assertThat(asked).isEmpty();
    }

    private Reading read(String uri) {
        return sources.read("default", new ModelSource(uri, null, null, null));
    }
}
