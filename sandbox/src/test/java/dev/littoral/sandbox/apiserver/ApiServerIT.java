package dev.littoral.sandbox.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Calls the server through the operator's own client library. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiServerIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private ApiServer server;
    private KubernetesClient client;

    @BeforeAll
    void start() throws IOException {
        server = ApiServer.start(0, List.of());
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(server.url())
                .withNamespace("default")
                .build();
        client = new KubernetesClientBuilder().withConfig(config).build();
    }

    @AfterAll
    void stop() {
        client.close();
        server.close();
    }

    private static ConfigMap configMap(String name, Map<String, String> data) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .withData(data)
                .build();
    }

    private static Pod pod(String name, String node) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .withNewSpec()
                .withNodeName(node)
                .addNewContainer()
                .withName("agent")
                .withImage("agent:1")
                .endContainer()
                .endSpec()
                .build();
    }

    @Test
    void anInformerSeesEveryChangeOfWhatItSelects() {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (var informer = client.configMaps().withLabel("seen").inform(new Recorder(seen))) {
            client.resource(configMap("unlabelled", Map.of())).create();
            client.resource(configMap("labelled", Map.of())).create();
            client.configMaps()
                    .withName("labelled")
                    .edit(map -> new ConfigMapBuilder(map)
                            .editMetadata()
                            .addToLabels("seen", "yes")
                            .endMetadata()
                            .build());
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(seen).containsExactly("added labelled"));
            client.configMaps()
                    .withName("labelled")
                    .edit(map -> new ConfigMapBuilder(map)
                            .editMetadata()
                            .removeFromLabels("seen")
                            .endMetadata()
                            .build());

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(seen).containsExactly("added labelled", "deleted labelled"));
            assertThat(informer.isWatching()).isTrue();
        }
    }

    private record Recorder(List<String> seen) implements ResourceEventHandler<ConfigMap> {

        @Override
        public void onAdd(ConfigMap map) {
            seen.add("added " + map.getMetadata().getName());
        }

        @Override
        public void onUpdate(ConfigMap before, ConfigMap map) {
            seen.add("updated " + map.getMetadata().getName());
        }

        @Override
        public void onDelete(ConfigMap map, boolean unknown) {
            seen.add("deleted " + map.getMetadata().getName());
        }
    }

    @Test
    void applyOwnsItsFieldsOfABuiltInKind() {
        client.resource(configMap("shared", Map.of("a", "1", "b", "1")))
                .patch(PatchContext.of(PatchType.SERVER_SIDE_APPLY));
        PatchContext other = new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("other")
                .withForce(false)
                .build();

        assertThatExceptionOfType(KubernetesClientException.class)
                .isThrownBy(() ->
                        client.resource(configMap("shared", Map.of("a", "2"))).patch(other))
                .withMessageContaining("Apply failed with 1 conflict: conflict with \"fabric8\": .data.a");

        client.resource(configMap("shared", Map.of("c", "3"))).patch(other);
        client.resource(configMap("shared", Map.of("a", "1"))).patch(PatchContext.of(PatchType.SERVER_SIDE_APPLY));
        assertThat(client.configMaps().withName("shared").get().getData()).isEqualTo(Map.of("a", "1", "c", "3"));
    }

    @Test
    void aPodOnANodeWaitsUntilItsNodeConfirmsItsEnd() {
        client.resource(pod("bound", "somewhere")).create();
        client.resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName("somewhere")
                        .endMetadata()
                        .build())
                .create();

        client.pods().withName("bound").delete();
        Pod terminating = client.pods().withName("bound").get();
        assertThat(terminating.getMetadata().getDeletionTimestamp()).isNotNull();
        assertThat(terminating.getMetadata().getDeletionGracePeriodSeconds()).isEqualTo(30);

        client.pods().withName("bound").withGracePeriod(0).delete();
        assertThat(client.pods().withName("bound").get()).isNull();
    }

    @Test
    void aNodeThatNoLongerRenewsItsLeaseIsLostWithItsPods() {
        client.resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName("fading")
                        .endMetadata()
                        .build())
                .create();
        client.nodes()
                .withName("fading")
                .editStatus(node -> new NodeBuilder(node)
                        .withNewStatus()
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus("True")
                        .endCondition()
                        .endStatus()
                        .build());
        client.resource(new LeaseBuilder()
                        .withNewMetadata()
                        .withName("fading")
                        .withNamespace("kube-node-lease")
                        .endMetadata()
                        .withNewSpec()
                        .withHolderIdentity("fading")
                        .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC))
                        .endSpec()
                        .build())
                .create();
        client.resource(pod("orphaned", "fading")).create();

        await().atMost(PATIENCE).until(() -> client.pods().withName("orphaned").get() == null);
        Node lost = client.nodes().withName("fading").get();
        assertThat(lost.getStatus().getConditions())
                .singleElement()
                .satisfies(condition -> assertThat(condition.getStatus() + " " + condition.getReason())
                        .isEqualTo("Unknown NodeStatusUnknown"));
    }

    @Test
    void aNamespaceTakesItsContentsAlong() {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("short-lived")
                        .endMetadata()
                        .build())
                .create();
        ConfigMap inside = configMap("inside", Map.of());
        inside.getMetadata().setNamespace("short-lived");
        client.resource(inside).create();

        client.namespaces().withName("short-lived").delete();

        await().atMost(PATIENCE)
                .until(() -> client.namespaces().withName("short-lived").get() == null);
        assertThat(client.configMaps().inNamespace("short-lived").list().getItems())
                .isEmpty();
    }

    @Test
    void aLongListComesInPieces() {
        for (int i = 0; i < 5; i++) {
            ConfigMap map = configMap("piece-" + i, Map.of());
            map.getMetadata().setLabels(Map.of("piece", "yes"));
            client.resource(map).create();
        }
        var first = client.configMaps()
                .withLabel("piece")
                .list(new io.fabric8.kubernetes.api.model.ListOptionsBuilder()
                        .withLimit(3L)
                        .build());
        var rest = client.configMaps()
                .withLabel("piece")
                .list(new io.fabric8.kubernetes.api.model.ListOptionsBuilder()
                        .withLimit(3L)
                        .withContinue(first.getMetadata().getContinue())
                        .build());

        assertThat(first.getItems()).hasSize(3);
        assertThat(rest.getItems())
                .extracting(map -> map.getMetadata().getName())
                .containsExactly("piece-3", "piece-4");
    }
}
