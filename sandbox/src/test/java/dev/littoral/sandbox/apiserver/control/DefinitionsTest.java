package dev.littoral.sandbox.apiserver.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.Trees;
import dev.littoral.sandbox.apiserver.apply.Ownership;
import dev.littoral.sandbox.apiserver.objects.Objects;
import dev.littoral.sandbox.apiserver.objects.WriteOptions;
import dev.littoral.sandbox.apiserver.resource.BuiltIns;
import dev.littoral.sandbox.apiserver.resource.CustomTypes;
import dev.littoral.sandbox.apiserver.resource.Registry;
import dev.littoral.sandbox.apiserver.resource.ResourceType;
import dev.littoral.sandbox.apiserver.store.Store;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class DefinitionsTest {

    private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-21T00:00:00Z"));
    private final BuiltIns builtIns = BuiltIns.load();
    private final Registry registry = new Registry(builtIns.types());
    private final Store store = new Store();
    private final Objects objects = new Objects(store, new Ownership(clock), clock);
    private final Definitions definitions =
            new Definitions(registry, new CustomTypes(builtIns.definitions()), objects, clock);
    private final ResourceType type = registry.find("apiextensions.k8s.io", "v1", "customresourcedefinitions")
            .orElseThrow();

    private static ObjectNode things() {
        return Trees.object(
                "{metadata: {name: things.example.dev}, spec: {group: example.dev, scope: Namespaced, names:"
                        + " {plural: things, kind: Thing}, versions: [{name: v1, served: true, storage: true, schema:"
                        + " {openAPIV3Schema: {type: object}}}]}}");
    }

    @Test
    void whatChangedWhileHistoryWasForgottenIsServedAllTheSame() {
        objects.create(type, "", things(), WriteOptions.AS_SERVER);

        definitions.lookAtAll(store);
        assertThat(registry.find("example.dev", "v1", "things")).isPresent();
        assertThat(objects.get(type, "", "things.example.dev")
                        .at("/status/conditions/1/type")
                        .asText())
                .isEqualTo("Established");

        ObjectNode last = objects.get(type, "", "things.example.dev");
        store.remove(type.key("", "things.example.dev"), last);
        definitions.lookAtAll(store);
        assertThat(registry.find("example.dev", "v1", "things")).isEmpty();
    }
}
