package dev.littoral.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PodMemoryTest {

    private static final long MIB = 1 << 20;

    @Test
    void containersAndSidecarsAddUpAndAnInitContainerCountsBesideTheSidecarsBeforeIt() {
        var pod = new PodBuilder()
                .withNewSpec()
                .withNodeName("node")
                .withContainers(container("100Mi", null), container("50Mi", null))
                .withInitContainers(container("20Mi", "Always"), container("300Mi", null))
                .endSpec()
                .build();

        // together 100 + 50 + 20 = 170, while starting 20 + 300 = 320
        assertThat(PodMemory.heldBytes(pod)).isEqualTo(320 * MIB);
    }

    @Test
    void aPodThatEndedHoldsNothing() {
        var pod = new PodBuilder()
                .withNewSpec()
                .withNodeName("node")
                .withContainers(container("100Mi", null))
                .endSpec()
                .withNewStatus()
                .withPhase("Failed")
                .endStatus()
                .build();

        assertThat(PodMemory.heldBytes(pod)).isZero();
    }

    @Test
    void aLimitCountsWhereThereIsNoRequest() {
        var pod = new PodBuilder()
                .withNewSpec()
                .withNodeName("node")
                .addNewContainer()
                .withNewResources()
                .addToLimits("memory", new Quantity("7Mi"))
                .endResources()
                .endContainer()
                .endSpec()
                .build();

        assertThat(PodMemory.heldBytes(pod)).isEqualTo(7 * MIB);
    }

    private static Container container(String memory, @Nullable String restartPolicy) {
        return new ContainerBuilder()
                .withRestartPolicy(restartPolicy)
                .withNewResources()
                .withRequests(Map.of("memory", new Quantity(memory)))
                .endResources()
                .build();
    }
}
