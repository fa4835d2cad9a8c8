package dev.littoral.sandbox.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Lays out the tables of the built-in kinds. */
final class BuiltInColumns {

    private BuiltInColumns() {}

    static Column age() {
        return new Column(
                "Age",
                "string",
                "",
                "Time since the object was created.",
                false,
                (object, now) -> TextNode.valueOf(
                        Ages.since(object.at("/metadata/creationTimestamp").asText(""), now)));
    }

    static List<Column> of(String plural) {
        List<Column> columns = new ArrayList<>(
                switch (plural) {
                    case "pods" -> PodColumns.columns();
                    case "nodes" -> NodeColumns.columns();
                    case "services" -> services();
                    case "events" -> EventColumns.columns();
                    case "namespaces" -> List.of(text("Status", "Phase of the namespace.", at("/status/phase")));
                    case "configmaps" ->
                        List.of(number(
                                "Data",
                                object -> object.path("data").size()
                                        + object.path("binaryData").size()));
                    case "secrets" ->
                        List.of(
                                text("Type", "Kind of secret.", at("/type")),
                                number("Data", object -> object.path("data").size()));
                    case "leases" -> List.of(text("Holder", "Who holds the lease.", at("/spec/holderIdentity")));
                    case "customresourcedefinitions" -> List.of(createdAt());
                    default -> List.<Column>of();
                });
        if (!plural.equals("events") && !plural.equals("customresourcedefinitions")) {
            int narrow =
                    (int) columns.stream().takeWhile(column -> !column.wide()).count();
            columns.add(plural.equals("nodes") ? 2 : narrow, age());
        }
        if (!plural.equals("events")) {
            columns.addFirst(Column.ofName(false));
        }
        return columns;
    }

    static Column text(String name, String description, Function<JsonNode, String> cell) {
        return new Column(
                name, "string", "", description, false, (object, now) -> TextNode.valueOf(cell.apply(object)));
    }

    static Column wide(String name, String description, Function<JsonNode, String> cell) {
        return new Column(name, "string", "", description, true, (object, now) -> TextNode.valueOf(cell.apply(object)));
    }

    static Function<JsonNode, String> at(String pointer) {
        return object -> object.at(pointer).asText("");
    }

    /** Shows a placeholder where there is nothing. */
    static Function<JsonNode, String> at(String pointer, String otherwise) {
        return object -> {
            String text = object.at(pointer).asText("");
            return text.isEmpty() ? otherwise : text;
        };
    }

    private static Column number(String name, Function<JsonNode, Integer> cell) {
        return new Column(
                name, "integer", "", "Number of entries.", false, (object, now) -> IntNode.valueOf(cell.apply(object)));
    }

    private static Column createdAt() {
        return new Column(
                "Created At",
                "date",
                "",
                "When the definition was created.",
                false,
                (object, now) -> object.at("/metadata/creationTimestamp"));
    }

    private static List<Column> services() {
        return List.of(
                text("Type", "How the service is reached.", at("/spec/type", "ClusterIP")),
                text("Cluster-IP", "Address inside the cluster.", at("/spec/clusterIP", "<none>")),
                text("External-IP", "Address from outside.", BuiltInColumns::external),
                text("Port(s)", "Ports of the service.", BuiltInColumns::ports),
                wide("Selector", "Labels of the pods behind the service.", BuiltInColumns::selector));
    }

    private static String external(JsonNode service) {
        String path = service.at("/spec/type").asText("").equals("ExternalName") ? "externalName" : "externalIPs";
        JsonNode external = service.path("spec").path(path);
        return external.isArray() ? joined(external) : external.asText("<none>");
    }

    private static String joined(JsonNode texts) {
        List<String> all = new ArrayList<>();
        texts.forEach(text -> all.add(text.asText()));
        return String.join(",", all);
    }

    private static String ports(JsonNode service) {
        List<String> ports = new ArrayList<>();
        for (JsonNode port : service.at("/spec/ports")) {
            String node = port.has("nodePort") ? ":" + port.path("nodePort").asText() : "";
            ports.add(port.path("port").asText() + node + "/"
                    + port.path("protocol").asText("TCP"));
        }
        return ports.isEmpty() ? "<none>" : String.join(",", ports);
    }

    private static String selector(JsonNode service) {
        List<String> pairs = new ArrayList<>();
        service.at("/spec/selector")
                .properties()
                .forEach(entry ->
                        pairs.add(entry.getKey() + "=" + entry.getValue().asText()));
        return pairs.isEmpty() ? "<none>" : String.join(",", pairs);
    }

    static String age(JsonNode time, Instant now) {
        return Ages.since(time.asText(""), now);
    }
}
