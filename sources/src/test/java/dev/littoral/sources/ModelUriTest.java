package dev.littoral.sources;

import static dev.littoral.sources.HubSourceTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.sources.SourceException.Reason;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelUriTest {

    @Test
    void everySchemeIsRead() {
        assertThat(ModelUri.parse("file:///models/a")).isEqualTo(new ModelUri.LocalFolder(Path.of("/models/a")));
        assertThat(ModelUri.parse("pvc://weights/llm/tiny/")).isEqualTo(new ModelUri.Claim("weights", "llm/tiny"));
        assertThat(ModelUri.parse("pvc://weights")).isEqualTo(new ModelUri.Claim("weights", ""));
        assertThat(ModelUri.parse("https://a.example/m/tiny"))
                .isInstanceOf(ModelUri.WebFolder.class)
                .hasToString("https://a.example/m/tiny/");
        assertThat(ModelUri.parse("https://a.example/m/tiny.tar.gz?x=1")).isInstanceOf(ModelUri.WebArchive.class);
        assertThat(ModelUri.parse("hf://owner/na.me")).isEqualTo(new ModelUri.Hub("owner/na.me", "main"));
        assertThat(ModelUri.parse("hf://owner/name@refs/pr/1")).isEqualTo(new ModelUri.Hub("owner/name", "refs/pr/1"));
        assertThat(ModelUri.parse("s3://bucket/a/b")).isEqualTo(new ModelUri.Bucket("bucket", "a/b"));
        assertThat(ModelUri.parse("oci://ghcr.io/a/b")).isEqualTo(new ModelUri.Artifact("ghcr.io", "a/b", "latest"));
        assertThat(ModelUri.parse("oci://host:5000/a:v1")).isEqualTo(new ModelUri.Artifact("host:5000", "a", "v1"));
        assertThat(ModelUri.parse("oci://host/a@sha256:" + "0".repeat(64)))
                .isEqualTo(new ModelUri.Artifact("host", "a", "sha256:" + "0".repeat(64)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "models/a",
                "ftp://host/a",
                "FILE:///a",
                "file://host/a",
                "file:relative",
                "file:///a b",
                "file:///a%00",
                "pvc://Weights/a",
                "pvc://weights/../other",
                "pvc://weights/a//b",
                "https://",
                "https://user:password@host/a",
                "http://host.example/a",
                "http://169.254.169.254/a",
                "https://host/a#b",
                "hf://name",
                "hf://owner/name/more",
                "hf://owner/..",
                "hf://../name",
                "hf://owner/name@../../x",
                "hf://owner/name@a/../b",
                "hf://owner/na--me",
                "s3://Bucket/a",
                "s3://bucket/../a",
                "oci://host",
                "oci://host/Upper:v1",
                "oci://host/a@sha256:12",
                "oci://host/../a",
                "https://host/a\u0000",
                ""
            })
    void whatIsNoSourceIsRefused(String text) {
        assertRefused(() -> ModelUri.parse(text), Reason.SourceInvalid, "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pvc://weights/llm", "hf://o/n@main", "s3://bucket/a", "oci://host/a:v1", "https://h/a/"})
    void aUriIsWrittenAsItWasRead(String text) {
        assertThat(ModelUri.parse(text)).hasToString(text);
    }
}
