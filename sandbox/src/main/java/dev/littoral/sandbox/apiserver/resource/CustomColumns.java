package dev.littoral.sandbox.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.query.JsonPath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Lays out the tables of kinds that definitions add. */
final class CustomColumns {

    private CustomColumns() {}

    /**
     * Reads the columns of one version of a definition.
     *
     * @param columns its {@code additionalPrinterColumns}
     */
    static List<Column> read(JsonNode columns) {
        if (columns.isEmpty()) {
            return List.of(Column.ofName(false), age());
        }
        List<Column> read = new ArrayList<>();
        read.add(Column.ofName(false));
        for (JsonNode column : columns) {
            String path = column.path("jsonPath").asText();
            String standard = "Custom resource definition column (in JSONPath format): " + path;
            read.add(column(
                    column.path("name").asText(),
                    column.path("type").asText(),
                    column.path("format").asText(""),
                    column.path("description").asText(standard),
                    column.path("priority").asInt() > 0,
                    JsonPath.parse(path)));
        }
        return read;
    }

    /** Gives the columns of a scale. */
    static List<Column> ofScale() {
        return List.of(
                Column.ofName(false),
                column("Desired", "integer", "", "Number of desired replicas", false, JsonPath.parse(".spec.replicas")),
                column(
                        "Available",
                        "integer",
                        "",
                        "Number of actual replicas",
                        false,
                        JsonPath.parse(".status.replicas")),
                age());
    }

    private static Column age() {
        JsonPath created = JsonPath.parse(".metadata.creationTimestamp");
        return column("Age", "date", "", "Time since the object was created.", false, created);
    }

    private static Column column(
            String name, String type, String format, String description, boolean wide, JsonPath path) {
        return new Column(name, type, format, description, wide, (object, now) -> cell(path.find(object), type, now));
    }

    /** A value of another type than the column's is not shown; a text column shows several values as a list. */
    private static JsonNode cell(List<JsonNode> found, String type, Instant now) {
        if (found.isEmpty() || found.getFirst().isNull()) {
            return NullNode.getInstance();
        }
        JsonNode value = found.getFirst();
        return switch (type) {
            case "integer" ->
                value.isNumber() ? Json.array().add(value.longValue()).get(0) : NullNode.getInstance();
            case "number" -> value.isNumber() ? DoubleNode.valueOf(value.doubleValue()) : NullNode.getInstance();
            case "boolean" -> value.isBoolean() ? value : NullNode.getInstance();
            case "date" ->
                value.isTextual() ? TextNode.valueOf(Ages.since(value.asText(), now)) : NullNode.getInstance();
            default -> TextNode.valueOf(shown(value));
        };
    }

    private static String shown(JsonNode value) {
        return value.isContainerNode() ? Json.text(value) : value.asText();
    }
}
