package dev.littoral.sandbox.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownwardVolumeTest {

    @TempDir
    Path folder;

    @Test
    void anAnnotationBecomesAFileAndFollowsItsChanges() throws Exception {
        DownwardVolume.write(pod("next", "127.0.0.1:9090"), folder);
        assertThat(Files.readString(folder.resolve("peers/next"))).isEqualTo("127.0.0.1:9090");

        DownwardVolume.write(pod("next", "127.0.0.2:9090"), folder);
        assertThat(Files.readString(folder.resolve("peers/next"))).isEqualTo("127.0.0.2:9090");
        assertThat(folder.resolve("peers")).isDirectoryContaining(file -> file.endsWith("next"));
    }

    @Test
    void aPathThatLeavesTheVolumeIsRefused() {
        assertThatThrownBy(() -> DownwardVolume.write(pod("../../next", "x"), folder))
                .hasMessageContaining("path leaves the volume");
    }

    private static Pod pod(String path, String value) {
        return new PodBuilder()
                .withNewMetadata()
                .withName("p")
                .addToAnnotations("littoral.dev/next", value)
                .endMetadata()
                .withNewSpec()
                .addNewVolume()
                .withName("peers")
                .withNewDownwardAPI()
                .addNewItem()
                .withPath(path)
                .withNewFieldRef(null, "metadata.annotations['littoral.dev/next']")
                .endItem()
                .endDownwardAPI()
                .endVolume()
                .endSpec()
                .build();
    }
}
