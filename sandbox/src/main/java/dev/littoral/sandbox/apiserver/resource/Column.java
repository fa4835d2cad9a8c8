package dev.littoral.sandbox.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.function.BiFunction;

/**
 * Describes a column of a kind's table.
 *
 * @param name heading
 * @param type OpenAPI type of the cells
 * @param format OpenAPI format of the cells, empty for none; {@code name} for the object's name
 * @param description what the cells say
 * @param wide whether the column is only for wide tables
 * @param cell makes a cell from an object and the present time
 */
public record Column(
        String name,
        String type,
        String format,
        String description,
        boolean wide,
        BiFunction<JsonNode, Instant, JsonNode> cell) {

    /** Shows an object's name. */
    static Column ofName(boolean wide) {
        return new Column(
                "Name", "string", "name", "Name of the object.", wide, (object, now) -> object.at("/metadata/name"));
    }
}
