package dev.littoral.sandbox.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.resource.ResourceType.Names;
import dev.littoral.sandbox.apiserver.schema.Definitions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Knows the few built-in kinds that this server serves: what an operator and its pods need, no more. */
public final class BuiltIns {

    private static final String CORE = "io.k8s.api.core.v1.";
    private static final String DEFINITIONS = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";
    private static final String LEASES = "io.k8s.api.coordination.v1.";

    private final Definitions definitions;

    private BuiltIns(Definitions definitions) {
        this.definitions = definitions;
    }

    /** Reads the schemas, which were trimmed from what a Kubernetes 1.36 serves under {@code /openapi/v3}. */
    public static BuiltIns load() {
        try (InputStream in = BuiltIns.class.getResourceAsStream("built-in-schemas.json")) {
            if (in == null) {
                throw new IllegalStateException("built-in-schemas.json is missing from the class path");
            }
            return new BuiltIns(new Definitions(Json.read(in.readAllBytes())));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read built-in-schemas.json", e);
        }
    }

    /** Gives the named schemas to which others refer. */
    public Definitions definitions() {
        return definitions;
    }

    /** Gives the kinds. */
    public List<ResourceType> types() {
        Set<String> podFields = Set.of(
                "spec.nodeName",
                "spec.restartPolicy",
                "spec.schedulerName",
                "spec.serviceAccountName",
                "spec.hostNetwork",
                "status.phase",
                "status.podIP",
                "status.nominatedNodeName");
        Set<String> eventFields = Set.of(
                "involvedObject.kind",
                "involvedObject.namespace",
                "involvedObject.name",
                "involvedObject.uid",
                "involvedObject.apiVersion",
                "involvedObject.resourceVersion",
                "involvedObject.fieldPath",
                "reason",
                "reportingComponent",
                "source",
                "type");
        return List.of(
                core("Namespace", "namespaces", false, true, Set.of("status.phase"), List.of("ns"), List.of()),
                core("Pod", "pods", true, true, podFields, List.of("po"), List.of("all")),
                core(
                        "Service",
                        "services",
                        true,
                        true,
                        Set.of("spec.clusterIP", "spec.type"),
                        List.of("svc"),
                        List.of("all")),
                core("ConfigMap", "configmaps", true, false, Set.of(), List.of("cm"), List.of()),
                core("Secret", "secrets", true, false, Set.of("type"), List.of(), List.of()),
                core("ServiceAccount", "serviceaccounts", true, false, Set.of(), List.of("sa"), List.of()),
                core("Event", "events", true, false, eventFields, List.of("ev"), List.of()),
                core("Node", "nodes", false, true, Set.of("spec.unschedulable"), List.of("no"), List.of()),
                type("coordination.k8s.io", LEASES, "Lease", "leases", true, false, Set.of(), List.of(), List.of()),
                type(
                        "apiextensions.k8s.io",
                        DEFINITIONS,
                        "CustomResourceDefinition",
                        "customresourcedefinitions",
                        false,
                        true,
                        Set.of(),
                        List.of("crd", "crds"),
                        List.of("api-extensions")));
    }

    private ResourceType core(
            String kind,
            String plural,
            boolean namespaced,
            boolean status,
            Set<String> selectable,
            List<String> shortNames,
            List<String> categories) {
        return type("", CORE, kind, plural, namespaced, status, selectable, shortNames, categories);
    }

    private ResourceType type(
            String group,
            String prefix,
            String kind,
            String plural,
            boolean namespaced,
            boolean status,
            Set<String> selectable,
            List<String> shortNames,
            List<String> categories) {
        String singular = kind.toLowerCase(Locale.ROOT);
        JsonNode reference = Json.object().put("$ref", "#/components/schemas/" + prefix + kind);
        return new ResourceType(
                group,
                "v1",
                new Names(plural, singular, kind, kind + "List", shortNames, categories),
                namespaced,
                false,
                status,
                Optional.empty(),
                Set.of("pods", "customresourcedefinitions").contains(plural),
                selectable,
                definitions.named(prefix + kind),
                reference,
                BuiltInColumns.of(plural));
    }
}
