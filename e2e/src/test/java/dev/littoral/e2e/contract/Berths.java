package dev.littoral.e2e.contract;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/** Writes and reads the contract's own kind in one namespace, through the operator's client library. */
final class Berths {

    private static final Path DEFINITION = Path.of("src/test/resources/contract/berths.crd.yaml");
    private static final String TEST = "contract.littoral.dev/test";
    private static final ResourceDefinitionContext CONTEXT = new ResourceDefinitionContext.Builder()
            .withGroup("contract.littoral.dev")
            .withVersion("v1")
            .withKind("Berth")
            .withPlural("berths")
            .withNamespaced(true)
            .build();

    private final KubernetesClient client;
    private final String namespace;

    /** Says what an informer reported. */
    record Change(String what, String name, int replicas) {}

    private Berths(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    /** Brings the kind and the namespace to the server. */
    static Berths define(KubernetesClient client, String namespace) {
        try (InputStream yaml = Files.newInputStream(DEFINITION)) {
            client.load(yaml).serverSideApply();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Berths berths = new Berths(client, namespace);
        await("the kind to be served").atMost(Duration.ofSeconds(30)).until(berths::isServed);
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
        return berths;
    }

    private boolean isServed() {
        return client
                .apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName("berths.contract.littoral.dev")
                .get()
                .getStatus()
                .getConditions()
                .stream()
                .anyMatch(
                        c -> c.getType().equals("Established") && c.getStatus().equals("True"));
    }

    String namespace() {
        return namespace;
    }

    void forget() {
        client.namespaces().withName(namespace).delete();
    }

    Resource<GenericKubernetesResource> named(String name) {
        return client.genericKubernetesResources(CONTEXT).inNamespace(namespace).withName(name);
    }

    int replicas(String name) {
        return named(name).get().<Integer>get("spec", "replicas");
    }

    GenericKubernetesResource create(String name, int replicas) {
        return client.resource(berth(name, replicas)).create();
    }

    GenericKubernetesResource update(GenericKubernetesResource berth) {
        return client.resource(berth).update();
    }

    void merge(String name, String patch) {
        named(name).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    GenericKubernetesResource apply(String name, int replicas, String manager, boolean force) {
        return client.resource(berth(name, replicas)).patch(applying(manager, force));
    }

    GenericKubernetesResource applyStatus(String name, String phase, String manager) {
        GenericKubernetesResource status = skeleton(name);
        status.setAdditionalProperty("status", Map.of("phase", phase));
        return client.resource(status).subresource("status").patch(applying(manager, true));
    }

    /** Watches what was made by the test whose names start so. */
    SharedIndexInformer<GenericKubernetesResource> inform(String prefix, Consumer<Change> listener) {
        return client.genericKubernetesResources(CONTEXT)
                .inNamespace(namespace)
                .withLabel(TEST, prefix.substring(0, prefix.indexOf('-')))
                .inform(new Reporter(listener));
    }

    private static PatchContext applying(String manager, boolean force) {
        return new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(manager)
                .withForce(force)
                .build();
    }

    private GenericKubernetesResource berth(String name, int replicas) {
        GenericKubernetesResource berth = skeleton(name);
        berth.getMetadata().setLabels(Map.of(TEST, name.split("-", -1)[0]));
        berth.setAdditionalProperty("spec", Map.of("ship", "amber-tern", "replicas", replicas));
        return berth;
    }

    private GenericKubernetesResource skeleton(String name) {
        return new GenericKubernetesResourceBuilder()
                .withApiVersion("contract.littoral.dev/v1")
                .withKind("Berth")
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .build();
    }

    private record Reporter(Consumer<Change> listener) implements ResourceEventHandler<GenericKubernetesResource> {

        @Override
        public void onAdd(GenericKubernetesResource berth) {
            report("added", berth);
        }

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource berth) {
            report("updated", berth);
        }

        @Override
        public void onDelete(GenericKubernetesResource berth, boolean finalStateUnknown) {
            report("deleted", berth);
        }

        private void report(String what, GenericKubernetesResource berth) {
            listener.accept(new Change(what, berth.getMetadata().getName(), berth.<Integer>get("spec", "replicas")));
        }
    }
}
