package dev.littoral.sandbox.apiserver.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.json.Metadata;
import dev.littoral.sandbox.apiserver.objects.DeleteOptions;
import dev.littoral.sandbox.apiserver.objects.Deletion;
import dev.littoral.sandbox.apiserver.resource.Registry;
import dev.littoral.sandbox.apiserver.resource.ResourceType;
import dev.littoral.sandbox.apiserver.store.ObjectKey;
import dev.littoral.sandbox.apiserver.store.Store;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Declares nodes lost that no longer renew their lease, and removes their pods.
 *
 * <p>A real cluster waits 40 seconds, then five minutes; here nobody wants to wait so long.
 */
public final class NodeLifecycle {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** How long a node may be there without any lease before it counts as lost. */
    private static final Duration FIRST_LEASE = Duration.ofSeconds(10);

    private final Store store;
    private final Deletion deletion;
    private final Registry registry;
    private final InstantSource clock;
    private final Map<String, Instant> renewals = new HashMap<>();
    private final Map<String, String> lastRenewal = new HashMap<>();

    /** Takes what it works on, and the clock that leases are held against. */
    public NodeLifecycle(Store store, Registry registry, Deletion deletion, InstantSource clock) {
        this.store = store;
        this.registry = registry;
        this.deletion = deletion;
        this.clock = clock;
    }

    /** Looks at all nodes once. */
    void check() {
        Instant now = clock.instant();
        Set<String> lost = new HashSet<>();
        Set<String> nodes = new HashSet<>();
        for (Map.Entry<ObjectKey, byte[]> entry : store.list("/nodes", "").entries()) {
            String name = entry.getKey().name();
            nodes.add(name);
            ObjectNode node = Json.readOwn(entry.getValue());
            if (silent(name, node, now)) {
                lost.add(name);
                declareLost(entry.getKey(), now);
            }
        }
        renewals.keySet().retainAll(nodes);
        lastRenewal.keySet().retainAll(nodes);
        removePods(lost, nodes);
    }

    /** What counts is when a renewal was seen here, not when its writer says it was. */
    private boolean silent(String name, ObjectNode node, Instant now) {
        String renewal = store.get(new ObjectKey("coordination.k8s.io/leases", "kube-node-lease", name))
                .map(lease -> lease.at("/spec/renewTime").asText(""))
                .orElse("");
        if (renewal.isEmpty()) {
            return parsed(node.at("/metadata/creationTimestamp"))
                            .plus(FIRST_LEASE)
                            .isBefore(now)
                    && hasReadyCondition(node);
        }
        if (!renewal.equals(lastRenewal.put(name, renewal))) {
            renewals.put(name, now);
        }
        return renewals.getOrDefault(name, now).plus(PATIENCE).isBefore(now);
    }

    private static boolean hasReadyCondition(ObjectNode node) {
        for (JsonNode condition : node.at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return true;
            }
        }
        return false;
    }

    private static Instant parsed(JsonNode time) {
        try {
            return OffsetDateTime.parse(time.asText()).toInstant();
        } catch (DateTimeException e) {
            return Instant.MAX.minus(FIRST_LEASE);
        }
    }

    private void declareLost(ObjectKey key, Instant now) {
        store.exclusively(() -> store.get(key).map(node -> {
            boolean changed = false;
            for (JsonNode condition : node.at("/status/conditions")) {
                if (condition instanceof ObjectNode object
                        && !object.path("status").asText().equals("Unknown")) {
                    object.put("status", "Unknown")
                            .put("reason", "NodeStatusUnknown")
                            .put("message", "Kubelet stopped posting node status.")
                            .put("lastTransitionTime", Metadata.seconds(now));
                    changed = true;
                }
            }
            if (changed) {
                store.put(key, node);
            }
            return key;
        }));
    }

    /** Nobody is left on a lost node who could confirm that its pods have ended. */
    private void removePods(Set<String> lost, Set<String> nodes) {
        ResourceType pods = registry.find("", "v1", "pods").orElseThrow();
        for (Map.Entry<ObjectKey, byte[]> entry : store.list("/pods", "").entries()) {
            ObjectNode pod = Json.readOwn(entry.getValue());
            String node = pod.at("/spec/nodeName").asText("");
            boolean deleting = Metadata.of(pod).deleting();
            if (lost.contains(node) || (deleting && !node.isEmpty() && !nodes.contains(node))) {
                deletion.delete(pods, entry.getKey().namespace(), entry.getKey().name(), DeleteOptions.NOW);
            }
        }
    }
}
