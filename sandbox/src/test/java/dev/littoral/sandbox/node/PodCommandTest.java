package dev.littoral.sandbox.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodCommandTest {

    private static final Path VOLUMES = Path.of("/state/pod");

    @Test
    void fieldsOfThePodBecomeEnvironmentValues() {
        Pod pod = pod(List.of("run"))
                .editSpec()
                .editFirstContainer()
                .addToEnv(new EnvVarBuilder()
                        .withName("BIND")
                        .withNewValueFrom()
                        .withNewFieldRef(null, "status.podIP")
                        .endValueFrom()
                        .build())
                .endContainer()
                .endSpec()
                .build();

        assertThat(PodCommand.of(pod, "127.20.1.2", VOLUMES).environment()).containsEntry("BIND", "127.20.1.2");
    }

    @Test
    void aPathInADownwardVolumePointsToTheFolderThatPlaysIt() {
        Pod pod = pod(List.of("run"))
                .editSpec()
                .addNewVolume()
                .withName("peers")
                .withNewDownwardAPI()
                .endDownwardAPI()
                .endVolume()
                .editFirstContainer()
                .addNewEnv()
                .withName("PEERS")
                .withValue("/etc/littoral/peers")
                .endEnv()
                .addNewVolumeMount()
                .withName("peers")
                .withMountPath("/etc/littoral/peers")
                .endVolumeMount()
                .endContainer()
                .endSpec()
                .build();

        assertThat(PodCommand.of(pod, "127.20.1.2", VOLUMES).environment()).containsEntry("PEERS", "/state/pod/peers");
    }

    @Test
    void referencesToVariablesAreExpandedInCommandAndValues() {
        Pod pod = pod(List.of("run", "--name=$(NAME)", "$(UNKNOWN)"))
                .editSpec()
                .editFirstContainer()
                .addNewEnv()
                .withName("NAME")
                .withValue("a$b")
                .endEnv()
                .endContainer()
                .endSpec()
                .build();

        assertThat(PodCommand.of(pod, "127.20.1.2", VOLUMES).command())
                .containsExactly("run", "--name=a$b", "$(UNKNOWN)");
    }

    @Test
    void aContainerWithoutACommandIsRefusedWithTheReason() {
        assertThatThrownBy(() -> PodCommand.of(pod(List.of()).build(), "127.20.1.2", VOLUMES))
                .hasMessageContaining("no images: the container needs a command");
    }

    private static PodBuilder pod(List<String> command) {
        return new PodBuilder()
                .withNewMetadata()
                .withName("p")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("agent")
                .withCommand(command)
                .endContainer()
                .endSpec();
    }
}
