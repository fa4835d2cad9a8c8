package dev.littoral.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.checkpoint.Rotary.Scaling;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads how a config.json tells positions, in its old words ({@code rope_theta}, {@code rope_scaling}) and its new
 * ({@code rope_parameters}).
 */
final class RotaryFields {

    private static final String OLD = "rope_scaling";
    private static final String NEW = "rope_parameters";
    private static final String PART = "partial_rotary_factor";
    private static final String ORIGINAL = "original_max_position_embeddings";
    private static final double DEFAULT_THETA = 10_000;
    private static final Set<String> COMMON = Set.of("rope_type", "type", "rope_theta", PART);
    private static final Set<String> LONG =
            Set.of("factor", "short_factor", "long_factor", "attention_factor", ORIGINAL);
    private static final Set<String> STRETCH = Set.of("factor", "low_freq_factor", "high_freq_factor", ORIGINAL);

    private final JsonFile json;

    RotaryFields(JsonFile json) {
        this.json = json;
    }

    /** Reads positions that are told by whole heads; a part is refused. */
    Rotary whole(int headDim) {
        JsonNode parameters = parameters();
        requireWhole(parameters);
        return rotary(parameters, fieldName(), headDim, "rope_theta", DEFAULT_THETA);
    }

    /**
     * Reads positions that are told by a part of each head.
     *
     * @param originalTokens that long factors stretch, where config.json itself does not say it; as transformers has it,
     *     what stands among the positions does not count
     */
    Rotary partial(int headDim, int originalTokens) {
        JsonNode parameters = parameters();
        if (parameters.has("long_factor")) {
            parameters = parameters.<ObjectNode>deepCopy().put(ORIGINAL, originalTokens);
        }
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

    private void requireWhole(JsonNode parameters) {
        JsonNode part = part(parameters);
        if (json.number(PART, part, 0, 1) != 1) {
            throw ModelFields.unsupported(json, PART, part.toString(), "only whole heads are rotated");
        }
    }

    /** Reads the positions of one kind of layers; a part of each head is refused. */
    Rotary of(String layerType, int headDim, String thetaField, double thetaIfAbsent) {
        JsonNode nested = object(NEW);
        nested.fieldNames().forEachRemaining(name -> {
            if (!name.equals("full_attention") && !name.equals("sliding_attention")) {
                throw ModelFields.unsupported(json, NEW, name, "it must say for which layers it is");
            }
        });
        boolean old = layerType.equals("full_attention") && !json.field(OLD).isMissingNode();
        JsonNode parameters = old ? object(OLD) : nested.path(layerType);
        requireWhole(parameters);
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
        double base = json.number(thetaField, theta, 1, 1e12);
        return new Rotary(dimensions, base, scaling(parameters, field, dimensions / 2));
    }

    private Scaling scaling(JsonNode parameters, String field, int pairs) {
        String type =
                parameters.path("rope_type").asText(parameters.path("type").asText("default"));
        Set<String> known = switch (type) {
            case "default" -> Set.of();
            case "longrope", "su" -> LONG;
            default -> STRETCH;
        };
        parameters.fieldNames().forEachRemaining(name -> {
            if (parameters.hasNonNull(name) && !COMMON.contains(name) && !known.contains(name)) {
                throw ModelFields.unsupported(json, field, type + " with " + name, "use a checkpoint without it");
            }
        });
        return switch (type) {
            case "default" -> new Scaling.None();
            case "linear" -> new Scaling.Linear(number(parameters, field, "factor"));
            case "llama3" -> llama3(parameters, field);
            case "longrope", "su" -> longRope(parameters, field, pairs);
            default ->
                throw ModelFields.unsupported(
                        json, field, type, "positions may be default, linear, llama3 or longrope");
        };
    }

    private Scaling llama3(JsonNode parameters, String field) {
        double low = number(parameters, field, "low_freq_factor");
        double high = number(parameters, field, "high_freq_factor");
        if (!(high > low)) {
            throw json.invalid(field + ".high_freq_factor", "it is " + high + " but must be more than " + low);
        }
        return new Scaling.Llama3(number(parameters, field, "factor"), low, high, originalTokens(parameters, field));
    }

    /** As transformers has it: the whole model's field goes before that of the positions. */
    private int originalTokens(JsonNode parameters, String field) {
        JsonNode tokens =
                or(json.field(ORIGINAL), or(parameters.path(ORIGINAL), json.field("max_position_embeddings")));
        return (int) json.number(field + "." + ORIGINAL, tokens, 1, 1 << 24);
    }

    private Scaling longRope(JsonNode parameters, String field, int pairs) {
        int original = originalTokens(parameters, field);
        double factor = !parameters.hasNonNull("factor")
                ? json.integer("max_position_embeddings", 1, 1 << 24) / (double) original
                : number(parameters, field, "factor");
        double amplitude = factor <= 1 || original == 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
        return new Scaling.LongRope(
                factors(parameters, field, "short_factor", pairs),
                factors(parameters, field, "long_factor", pairs),
                original,
                !parameters.hasNonNull("attention_factor") ? amplitude : number(parameters, field, "attention_factor"));
    }

    private List<Double> factors(JsonNode parameters, String field, String name, int pairs) {
        JsonNode numbers = parameters.path(name);
        if (!numbers.isArray() || numbers.size() != pairs) {
            throw json.invalid(field + "." + name, "it must have a number for each of " + pairs + " pairs");
        }
        List<Double> factors = new ArrayList<>();
        numbers.forEach(number -> factors.add(json.number(field + "." + name, number, 1e-3, 1e6)));
        return factors;
    }

    private double number(JsonNode parameters, String field, String name) {
        return json.number(field + "." + name, parameters.path(name), 1e-3, 1e6);
    }

    private static JsonNode or(JsonNode value, JsonNode otherwise) {
        return value.isMissingNode() || value.isNull() ? otherwise : value;
    }
}
