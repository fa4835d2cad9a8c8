package dev.littoral.operator.languagemodel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.crds.ModelSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourcesTest {

    private static final Reading FOUND = new Reading.Unusable(ModelReason.ConfigMissing, "asked");

    private final List<Path> asked = new ArrayList<>();
    private final Sources sources = new Sources(List.of("/models", "/srv/more/"), folder -> {
        asked.add(folder);
        return FOUND;
    });

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
    @ValueSource(strings = {"hf://owner/name", "s3://bucket/model", "FILE:///models/x"})
    void aSchemeThatDoesNotWorkYetIsNamed(String uri) {
        assertThat(read(uri)).isInstanceOfSatisfying(Reading.Unusable.class, refused -> {
            assertThat(refused.reason()).isEqualTo(ModelReason.SourceUnsupported);
            assertThat(refused.message()).contains(uri);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"file:///models/a b", "file:///models/%zz", "file:///models/%00", "file:relative", "file://"})
    void whatIsNoUriOfAFolderIsRefusedAndDoesNotThrow(String uri) {
        assertThat(read(uri))
                .isInstanceOfSatisfying(
                        Reading.Unusable.class,
                        refused -> assertThat(refused.reason()).isEqualTo(ModelReason.SourceUnsupported));
        assertThat(asked).isEmpty();
    }

    private Reading read(String uri) {
        return sources.read(new ModelSource(uri));
    }
}
