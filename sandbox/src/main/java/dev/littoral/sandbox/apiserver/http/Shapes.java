package dev.littoral.sandbox.apiserver.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.resource.Column;
import dev.littoral.sandbox.apiserver.resource.ResourceType;
import dev.littoral.sandbox.apiserver.table.Tables;
import java.time.InstantSource;
import java.util.List;

/** Gives objects the shape that a request asks for: whole, as metadata, or as a table. */
final class Shapes {

    private final InstantSource clock;

    Shapes(InstantSource clock) {
        this.clock = clock;
    }

    ObjectNode list(ResourceType type, List<ObjectNode> objects, ObjectNode metadata, Call call) {
        if (call.accepts("as=Table")) {
            return Tables.table(type.columns(), objects, metadata, include(call), true, clock.instant());
        }
        boolean partial = call.accepts("as=PartialObjectMetadataList");
        ObjectNode list = Json.object();
        list.put("kind", partial ? "PartialObjectMetadataList" : type.names().listKind());
        list.put("apiVersion", partial ? "meta.k8s.io/v1" : type.groupVersion());
        list.set("metadata", metadata);
        ArrayNode items = list.putArray("items");
        objects.forEach(object -> items.add(partial ? Tables.partial(object) : object));
        return list;
    }

    ObjectNode one(ResourceType type, ObjectNode object, boolean headings, Call call) {
        return one(type.columns(), object, headings, call);
    }

    /** Shapes an object that is shown in other columns than its kind's, such as a scale. */
    ObjectNode one(List<Column> columns, ObjectNode object, boolean headings, Call call) {
        if (call.accepts("as=Table")) {
            ObjectNode metadata = Json.object();
            metadata.set("resourceVersion", object.at("/metadata/resourceVersion"));
            return Tables.table(columns, List.of(object), metadata, include(call), headings, clock.instant());
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
