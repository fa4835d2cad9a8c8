package dev.littoral.sandbox.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.resource.Column;
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
     * Makes a table that lacks its {@code rows}.
     *
     * @param columns what is told of each object
     * @param listMetadata the list's metadata
     * @param headings whether columns are described: not again in the later events of a watch
     */
    public static ObjectNode head(List<Column> columns, ObjectNode listMetadata, boolean headings) {
        ObjectNode table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        table.set("metadata", listMetadata);
        ArrayNode definitions = table.putArray("columnDefinitions");
        if (headings) {
            columns.forEach(column -> heading(definitions.addObject(), column));
        }
        return table;
    }

    private static void heading(ObjectNode heading, Column column) {
        heading.put("name", column.name())
                .put("type", column.type())
                .put("format", column.format())
                .put("description", column.description())
                .put("priority", column.wide() ? 1 : 0);
    }

    /** Makes a row of an object. */
    public static ObjectNode row(List<Column> columns, ObjectNode object, Include include, Instant now) {
        ObjectNode row = Json.object();
        ArrayNode cells = row.putArray("cells");
        columns.forEach(column -> cells.add(column.cell().apply(object, now)));
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
