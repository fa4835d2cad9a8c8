package dev.littoral.sandbox.apiserver.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.query.FieldSelector;
import dev.littoral.sandbox.apiserver.query.LabelSelector;
import dev.littoral.sandbox.apiserver.resource.ResourceType;
import java.util.HashMap;
import java.util.Map;

/**
 * Chooses objects as a request asks.
 *
 * @param labels by labels
 * @param fields by fields
 */
record Selection(LabelSelector labels, FieldSelector fields) {

    static Selection of(ResourceType type, Call call) {
        String labels = call.query("labelSelector");
        String fields = call.query("fieldSelector");
        return new Selection(
                LabelSelector.parse(labels),
                FieldSelector.parse(
                        fields, type::selectable, field -> Refusal.badRequest("field label not supported: " + field)));
    }

    boolean everything() {
        return labels.choosesAll() && fields.choosesAll();
    }

    boolean chooses(JsonNode object) {
        if (everything()) {
            return true;
        }
        Map<String, String> values = new HashMap<>();
        object.at("/metadata/labels")
                .properties()
                .forEach(entry -> values.put(entry.getKey(), entry.getValue().asText()));
        return labels.test(values) && fields.test(object);
    }
}
