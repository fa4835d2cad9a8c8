package dev.littoral.sandbox.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.function.BiFunction;

/**
 * Describes a column of a kind's table.
 *
 * @param name heading
 * @param type OpenAPI type of the cells
 * @param description what the cells say
 * @param wide whether the column is only for wide tables
 * @param cell makes a cell from an object and the present time
 */
public record Column(
        String name, String type, String description, boolean wide, BiFunction<JsonNode, Instant, JsonNode> cell) {}
