package dev.littoral.sandbox.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.resource.Column;
import dev.littoral.sandbox.apiserver.resource.ResourceType;
import java.time.Instant;
import java.util.List;

/** Lays objects out as rows of a {@code meta.k8s.io/v1} Table. */
public final class Tables {

    /** How much of an object goes along with its row. */
    public enum Include {
        None,
        Metadata,
        Object
    }

    private Tables() {}

    /**
     * Makes a table.
     *
     * @param listMetadata the list's metadata
     * @param headings whether columns are described: not again in the later events of a watch
     */
    public static ObjectNode table(
            ResourceType type,
            List<ObjectNode> objects,
            ObjectNode listMetadata,
            Include include,
            boolean headings,
            Instant now) {
        ObjectNode table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        table.set("metadata", listMetadata);
        ArrayNode definitions = table.putArray("columnDefinitions");
        if (headings) {
            boolean named = type.storageKind().equals("/events");
            if (!named) {
                heading(definitions, "Name", "string", "name", "Name of the object.", false);
            }
            for (Column column : type.columns()) {
                String format = named && column.name().equals("Name") ? "name" : "";
                heading(definitions, column.name(), column.type(), format, column.description(), column.wide());
            }
        }
        ArrayNode rows = table.putArray("rows");
        for (ObjectNode object : objects) {
            rows.add(row(type, object, include, now));
        }
        return table;
    }

    private static void heading(
            ArrayNode definitions, String name, String type, String format, String description, boolean wide) {
        definitions
                .addObject()
                .put("name", name)
                .put("type", type)
                .put("format", format)
                .put("description", description)
                .put("priority", wide ? 1 : 0);
    }

    private static ObjectNode row(ResourceType type, ObjectNode object, Include include, Instant now) {
        ObjectNode row = Json.object();
        ArrayNode cells = row.putArray("cells");
        if (!type.storageKind().equals("/events")) {
            cells.add(object.at("/metadata/name"));
        }
        for (Column column : type.columns()) {
            cells.add(column.cell().apply(object, now));
        }
        switch (include) {
            case None -> row.putNull("object");
            case Object -> row.set("object", object);
            case Metadata -> row.set("object", partial(object));
        }
        return row;
    }

    /** Gives an object without anything but its metadata. */
    public static ObjectNode partial(JsonNode object) {
        ObjectNode partial = Json.object().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        partial.set("metadata", object.path("metadata"));
        return partial;
    }
}
