package dev.littoral.sandbox.apiserver.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.sandbox.apiserver.schema.Schema;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tells the items of an associative list apart. */
final class ListItems {

    private ListItems() {}

    /** Gives the element that leads to an item; an absent key has its default, if it has one. */
    static PathElement element(JsonNode item, Schema list) {
        if (list.listKeys().isEmpty()) {
            return PathElement.value(item);
        }
        Map<String, JsonNode> keys = new LinkedHashMap<>();
        for (String key : list.listKeys()) {
            JsonNode value = item.path(key);
            if (value.isMissingNode()) {
                value = list.items()
                        .field(key)
                        .map(schema -> schema.node().path("default"))
                        .orElse(value);
            }
            if (!value.isMissingNode()) {
                keys.put(key, value);
            }
        }
        return PathElement.key(keys);
    }

    /** Gives the items by what leads to them; of duplicates the last one counts. */
    static Map<PathElement, JsonNode> byElement(JsonNode list, Schema schema) {
        Map<PathElement, JsonNode> items = new LinkedHashMap<>();
        list.forEach(item -> items.put(element(item, schema), item));
        return items;
    }
}
