package dev.littoral.sandbox.apiserver.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.resource.Column;
import dev.littoral.sandbox.apiserver.resource.ResourceType;
import dev.littoral.sandbox.apiserver.table.Tables;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;

/** Gives objects the shape that a request asks for: whole, as metadata, or as a table. */
final class Shapes {

    private final InstantSource clock;

    Shapes(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Says what a list looks like.
     *
     * @param head all of it but the items
     * @param field the name of the items' array
     * @param item makes an item of an object
     */
    record ListShape(ObjectNode head, String field, Function<ObjectNode, JsonNode> item) {}

    ListShape list(ResourceType type, ObjectNode metadata, Call call) {
        if (call.accepts("as=Table")) {
            Instant now = clock.instant();
            Tables.Include include = include(call);
            ObjectNode head = Tables.head(type.columns(), metadata, true);
            return new ListShape(head, "rows", object -> Tables.row(type.columns(), object, include, now));
        }
        boolean partial = call.accepts("as=PartialObjectMetadataList");
        ObjectNode head = Json.object();
        head.put("kind", partial ? "PartialObjectMetadataList" : type.names().listKind());
        head.put("apiVersion", partial ? "meta.k8s.io/v1" : type.groupVersion());
        head.set("metadata", metadata);
        return new ListShape(head, "items", object -> partial ? Tables.partial(object) : object);
    }

    ObjectNode one(ResourceType type, ObjectNode object, boolean headings, Call call) {
        return one(type.columns(), object, headings, call);
    }

    /** Shapes an object that is shown in other columns than its kind's, such as a scale. */
    ObjectNode one(List<Column> columns, ObjectNode object, boolean headings, Call call) {
        if (call.accepts("as=Table")) {
            ObjectNode metadata = Json.object();
            metadata.set("resourceVersion", object.at("/metadata/resourceVersion"));
            ObjectNode table = Tables.head(columns, metadata, headings);
            table.putArray("rows").add(Tables.row(columns, object, include(call), clock.instant()));
            return table;
        }
        return call.accepts("as=PartialObjectMetadata") ? Tables.partial(object) : object;
    }

    private static Tables.Include include(Call call) {
        return switch (call.query("includeObject")) {
            case "None" -> Tables.Include.None;
            case "Object" -> Tables.Include.Object;
            default -> Tables.Include.Metadata;
        };
    }
}
