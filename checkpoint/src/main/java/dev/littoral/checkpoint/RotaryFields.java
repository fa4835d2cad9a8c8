package dev.littoral.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import dev.littoral.checkpoint.Rotary.Scaling;
import java.util.Set;

/**
 * Reads how a config.json tells positions, in its old words ({@code rope_theta}, {@code rope_scaling}) and its new
 * ({@code rope_parameters}).
 */
final class RotaryFields {

    private static final String OLD = "rope_scaling";
    private static final String NEW = "rope_parameters";
    private static final String PART = "partial_rotary_factor";
    private static final double DEFAULT_THETA = 10_000;
    private static final Set<String> COMMON = Set.of("rope_type", "type", "rope_theta", PART);
    private static final Set<String> STRETCH =
            Set.of("factor", "low_freq_factor", "high_freq_factor", "original_max_position_embeddings");

    private final JsonFile json;

    RotaryFields(JsonFile json) {
        this.json = json;
    }

    /** Reads positions that are told by whole heads; a part is refused. */
    Rotary whole(int headDim) {
        JsonNode parameters = parameters();
        JsonNode part = part(parameters);
        if (json.number(PART, part, 0, 1) != 1) {
            throw ModelFields.unsupported(json, PART, part.toString(), "only whole heads are rotated");
        }
        return rotary(parameters, fieldName(), headDim, "rope_theta", DEFAULT_THETA);
    }

    /** Reads positions that are told by a part of each head. */
    Rotary partial(int headDim) {
        JsonNode parameters = parameters();
        JsonNode part = part(parameters);
        int dimensions = (int) (headDim * json.number(PART, part, 0, 1));
        if (dimensions % 16 != 0 || dimensions == 0) {
            throw ModelFields.unsupported(
                    json,
                    PART,
                    part.toString(),
                    "it rotates " + dimensions + " numbers of a head, not a multiple of 16");
        }
        return rotary(parameters, fieldName(), dimensions, "rope_theta", DEFAULT_THETA);
    }

    /** Reads the positions of one kind of layers. */
    Rotary of(String layerType, int headDim, String thetaField, double thetaIfAbsent) {
        JsonNode nested = object(NEW);
        nested.fieldNames().forEachRemaining(name -> {
            if (!name.equals("full_attention") && !name.equals("sliding_attention")) {
                throw ModelFields.unsupported(json, NEW, name, "it must say for which layers it is");
            }
        });
        boolean old = layerType.equals("full_attention") && !json.field(OLD).isMissingNode();
        JsonNode parameters = old ? object(OLD) : nested.path(layerType);
        return rotary(parameters, old ? OLD : NEW, headDim, thetaField, thetaIfAbsent);
    }

    private String fieldName() {
        return json.field(OLD).isMissingNode() ? NEW : OLD;
    }

    private JsonNode parameters() {
        return object(fieldName());
    }

    private JsonNode object(String field) {
        JsonNode value = json.field(field);
        if (!value.isMissingNode() && !value.isObject()) {
            throw json.invalid(field, "it must be an object");
        }
        return value;
    }

    private JsonNode part(JsonNode parameters) {
        JsonNode nested = parameters.path(PART);
        return or(nested, or(json.field(PART), DoubleNode.valueOf(1)));
    }

    private Rotary rotary(JsonNode parameters, String field, int dimensions, String thetaField, double thetaIfAbsent) {
        JsonNode theta = or(
                parameters.path("rope_theta"),
                or(json.field(thetaField), or(json.field(NEW).path("rope_theta"), DoubleNode.valueOf(thetaIfAbsent))));
        return new Rotary(dimensions, json.number(thetaField, theta, 1, 1e12), scaling(parameters, field));
    }

    private Scaling scaling(JsonNode parameters, String field) {
        String type =
                parameters.path("rope_type").asText(parameters.path("type").asText("default"));
        parameters.fieldNames().forEachRemaining(name -> {
            if (!COMMON.contains(name) && (type.equals("default") || !STRETCH.contains(name))) {
                throw ModelFields.unsupported(json, field, type + " with " + name, "use a checkpoint without it");
            }
        });
        return switch (type) {
            case "default" -> new Scaling.None();
            case "linear" -> new Scaling.Linear(number(parameters, field, "factor"));
            case "llama3" -> llama3(parameters, field);
            default -> throw ModelFields.unsupported(json, field, type, "positions may be default, linear or llama3");
        };
    }

    private Scaling llama3(JsonNode parameters, String field) {
        double low = number(parameters, field, "low_freq_factor");
        double high = number(parameters, field, "high_freq_factor");
        if (!(high > low)) {
            throw json.invalid(field + ".high_freq_factor", "it is " + high + " but must be more than " + low);
        }
        JsonNode original =
                or(parameters.path("original_max_position_embeddings"), json.field("max_position_embeddings"));
        double tokens = json.number(field + ".original_max_position_embeddings", original, 1, 1 << 24);
        return new Scaling.Llama3(number(parameters, field, "factor"), low, high, (int) tokens);
    }

    private double number(JsonNode parameters, String field, String name) {
        return json.number(field + "." + name, parameters.path(name), 1e-3, 1e6);
    }

    private static JsonNode or(JsonNode value, JsonNode otherwise) {
        return value.isMissingNode() || value.isNull() ? otherwise : value;
    }
}
