package dev.littoral.sandbox.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Lays out the table of nodes. */
final class NodeColumns {

    private static final String ROLE = "node-role.kubernetes.io/";

    private NodeColumns() {}

    static List<Column> columns() {
        return List.of(
                BuiltInColumns.text("Status", "Whether the node answers.", NodeColumns::status),
                BuiltInColumns.text("Roles", "Roles of the node.", NodeColumns::roles),
                BuiltInColumns.text(
                        "Version",
                        "Version of the node's program.",
                        BuiltInColumns.at("/status/nodeInfo/kubeletVersion")),
                BuiltInColumns.wide("Internal-IP", "Address in the cluster.", node -> address(node, "InternalIP")),
                BuiltInColumns.wide("External-IP", "Address from outside.", node -> address(node, "ExternalIP")),
                BuiltInColumns.wide(
                        "OS-Image", "Operating system.", BuiltInColumns.at("/status/nodeInfo/osImage", "<unknown>")),
                BuiltInColumns.wide(
                        "Kernel-Version", "Kernel.", BuiltInColumns.at("/status/nodeInfo/kernelVersion", "<unknown>")),
                BuiltInColumns.wide(
                        "Container-Runtime",
                        "What runs containers.",
                        BuiltInColumns.at("/status/nodeInfo/containerRuntimeVersion", "<unknown>")));
    }

    private static String status(JsonNode node) {
        String text = "Unknown";
        for (JsonNode condition : node.at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                text = condition.path("status").asText().equals("True") ? "Ready" : "NotReady";
            }
        }
        return node.at("/spec/unschedulable").asBoolean() ? text + ",SchedulingDisabled" : text;
    }

    private static String roles(JsonNode node) {
        List<String> roles = new ArrayList<>();
        node.at("/metadata/labels").fieldNames().forEachRemaining(label -> {
            if (label.startsWith(ROLE) && label.length() > ROLE.length()) {
                roles.add(label.substring(ROLE.length()));
            }
        });
        roles.sort(null);
        return roles.isEmpty() ? "<none>" : String.join(",", roles);
    }

    private static String address(JsonNode node, String type) {
        for (JsonNode address : node.at("/status/addresses")) {
            if (address.path("type").asText().equals(type)) {
                return address.path("address").asText();
            }
        }
        return "<none>";
    }
}
