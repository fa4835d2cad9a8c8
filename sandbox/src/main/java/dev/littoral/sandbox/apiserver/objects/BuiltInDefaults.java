package dev.littoral.sandbox.apiserver.objects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.resource.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** Fills in what the real server fills in, where kubectl, an operator or a node program looks at it. */
final class BuiltInDefaults {

    private BuiltInDefaults() {}

    /** Fills defaults in place. */
    static void fill(ResourceType type, ObjectNode object) {
        switch (type.storageKind()) {
            case "/pods" -> pod(object);
            case "/services" -> service(object);
            case "/namespaces" -> namespace(object);
            case "/secrets" -> secret(object);
            case "apiextensions.k8s.io/customresourcedefinitions" -> definition(object);
            default -> {}
        }
    }

    private static void pod(ObjectNode pod) {
        ObjectNode spec = pod.withObject("/spec");
        absent(spec, "restartPolicy", "Always");
        absent(spec, "dnsPolicy", "ClusterFirst");
        absent(spec, "schedulerName", "default-scheduler");
        if (!spec.has("terminationGracePeriodSeconds")) {
            spec.put("terminationGracePeriodSeconds", 30);
        }
        if (!spec.has("securityContext")) {
            spec.putObject("securityContext");
        }
        for (String list : new String[] {"initContainers", "containers"}) {
            spec.path(list).forEach(container -> {
                if (container instanceof ObjectNode object) {
                    container(object);
                }
            });
        }
        ObjectNode status = pod.withObject("/status");
        absent(status, "phase", "Pending");
        absent(status, "qosClass", qualityOfService(spec));
    }

    private static void container(ObjectNode container) {
        String image = container.path("image").asText("");
        boolean latest = image.endsWith(":latest")
                || !image.substring(image.lastIndexOf('/') + 1).contains(":");
        absent(container, "imagePullPolicy", latest ? "Always" : "IfNotPresent");
        absent(container, "terminationMessagePath", "/dev/termination-log");
        absent(container, "terminationMessagePolicy", "File");
        if (!container.has("resources")) {
            container.putObject("resources");
        }
        protocols(container.path("ports"));
        if (container.at("/resources/limits") instanceof ObjectNode limits) {
            ObjectNode requests = ((ObjectNode) container.path("resources")).withObject("/requests");
            for (Map.Entry<String, JsonNode> limit : limits.properties()) {
                if (!requests.has(limit.getKey())) {
                    requests.set(limit.getKey(), limit.getValue());
                }
            }
        }
        for (String probe : new String[] {"readinessProbe", "livenessProbe", "startupProbe"}) {
            if (container.path(probe) instanceof ObjectNode object) {
                probe(object);
            }
        }
    }

    private static void probe(ObjectNode probe) {
        absent(probe, "timeoutSeconds", 1);
        absent(probe, "periodSeconds", 10);
        absent(probe, "successThreshold", 1);
        absent(probe, "failureThreshold", 3);
        if (probe.path("httpGet") instanceof ObjectNode http) {
            absent(http, "path", "/");
            absent(http, "scheme", "HTTP");
        }
    }

    private static String qualityOfService(JsonNode spec) {
        boolean any = false;
        boolean all = true;
        for (JsonNode container : spec.path("containers")) {
            JsonNode resources = container.path("resources");
            any |= !resources.path("requests").isEmpty()
                    || !resources.path("limits").isEmpty();
            all &= resources.path("limits").has("cpu")
                    && resources.path("limits").has("memory")
                    && Json.same(resources.path("limits"), resources.path("requests"));
        }
        return !any ? "BestEffort" : all ? "Guaranteed" : "Burstable";
    }

    private static void service(ObjectNode service) {
        ObjectNode spec = service.withObject("/spec");
        absent(spec, "type", "ClusterIP");
        absent(spec, "sessionAffinity", "None");
        protocols(spec.path("ports"));
        spec.path("ports").forEach(port -> {
            if (port instanceof ObjectNode object && !object.has("targetPort")) {
                object.set("targetPort", object.path("port"));
            }
        });
        service.withObject("/status").withObject("/loadBalancer");
    }

    private static void namespace(ObjectNode namespace) {
        String name = namespace.at("/metadata/name").asText();
        namespace.withObject("/metadata/labels").put("kubernetes.io/metadata.name", name);
        absent(namespace.withObject("/status"), "phase", "Active");
        if (!namespace.path("metadata").hasNonNull("deletionTimestamp")
                && namespace.at("/spec/finalizers").isMissingNode()) {
            namespace.withObject("/spec").putArray("finalizers").add("kubernetes");
        }
    }

    private static void secret(ObjectNode secret) {
        absent(secret, "type", "Opaque");
        for (Map.Entry<String, JsonNode> plain : secret.path("stringData").properties()) {
            byte[] bytes = plain.getValue().asText().getBytes(StandardCharsets.UTF_8);
            secret.withObject("/data").put(plain.getKey(), Base64.getEncoder().encodeToString(bytes));
        }
        secret.remove("stringData");
    }

    private static void definition(ObjectNode definition) {
        ObjectNode names = definition.withObject("/spec/names");
        String kind = names.path("kind").asText();
        absent(names, "singular", kind.toLowerCase(java.util.Locale.ROOT));
        absent(names, "listKind", kind + "List");
        if (!definition.path("spec").has("conversion")) {
            definition.withObject("/spec/conversion").put("strategy", "None");
        }
    }

    private static void protocols(JsonNode ports) {
        ports.forEach(port -> {
            if (port instanceof ObjectNode object) {
                absent(object, "protocol", "TCP");
            }
        });
    }

    private static void absent(ObjectNode object, String field, String value) {
        if (!object.hasNonNull(field)) {
            object.put(field, value);
        }
    }

    private static void absent(ObjectNode object, String field, int value) {
        if (!object.hasNonNull(field)) {
            object.put(field, value);
        }
    }
}
