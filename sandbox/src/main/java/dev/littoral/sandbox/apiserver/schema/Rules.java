package dev.littoral.sandbox.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.CelValidationException;
import dev.cel.runtime.CelEvaluationException;
import dev.littoral.sandbox.apiserver.error.FieldError;
import dev.littoral.sandbox.apiserver.error.FieldError.Reason;
import dev.littoral.sandbox.apiserver.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks {@code x-kubernetes-validations} throughout a value. */
public final class Rules {

    private static final Pattern OLD_SELF = Pattern.compile("\\boldSelf\\b");

    private static final Pattern ABSENT_KEY = Pattern.compile("key '([^']*)' is not present in map");

    /** Made when the first rule is met, so that a server without rules starts without CEL. */
    private static final class Engine {
        static final RuleEngine SHARED = new RuleEngine();
    }

    private final List<FieldError> errors = new ArrayList<>();

    private Rules() {}

    /** Tells whether a schema has a rule anywhere. */
    public static boolean any(JsonNode schema) {
        return schema.has("x-kubernetes-validations")
                || !schema.findParents("x-kubernetes-validations").isEmpty();
    }

    /** Finds rules that cannot be compiled, each with CEL's own explanation. */
    public static List<FieldError> uncompilable(JsonNode schema, String path) {
        List<FieldError> faults = new ArrayList<>();
        for (JsonNode owner : schema.findParents("x-kubernetes-validations")) {
            for (JsonNode rule : owner.get("x-kubernetes-validations")) {
                try {
                    Engine.SHARED.program(rule.path("rule").asText());
                } catch (CelValidationException | CelEvaluationException e) {
                    String text = Json.text(rule.path("rule"));
                    faults.add(FieldError.invalid(
                            path + ".x-kubernetes-validations.rule", text, "compilation failed: " + e.getMessage()));
                }
            }
        }
        return faults;
    }

    /** Finds the rules that an object breaks; rules that compare with the past do not apply to a new object. */
    public static List<FieldError> check(JsonNode value, Schema schema) {
        return check(value, Json.object().path("absent"), schema);
    }

    /**
     * Finds the rules that an object breaks.
     *
     * @param old the object as it was, a missing node for a new one
     */
    public static List<FieldError> check(JsonNode value, JsonNode old, Schema schema) {
        if (!any(schema.node())) {
            return List.of();
        }
        Rules rules = new Rules();
        rules.walk(value, old, schema, "");
        return rules.errors;
    }

    private void walk(JsonNode value, JsonNode old, Schema schema, String path) {
        for (JsonNode rule : schema.node().path("x-kubernetes-validations")) {
            evaluate(rule, value, old, schema, path);
        }
        if (value.isObject()) {
            for (Map.Entry<String, JsonNode> entry : value.properties()) {
                schema.field(entry.getKey())
                        .ifPresent(child -> walk(
                                entry.getValue(),
                                old.path(entry.getKey()),
                                child,
                                Validation.join(path, entry.getKey())));
            }
        } else if (value.isArray()) {
            Schema items = schema.items();
            for (int i = 0; i < value.size(); i++) {
                walk(value.get(i), counterpart(value.get(i), old, schema), items, path + "[" + i + "]");
            }
        }
    }

    /** Only items with keys have a past: the others cannot be told apart. */
    private static JsonNode counterpart(JsonNode item, JsonNode old, Schema schema) {
        List<String> keys = schema.listKeys();
        if (!keys.isEmpty()) {
            for (JsonNode candidate : old) {
                if (keys.stream().allMatch(key -> Json.same(candidate.path(key), item.path(key)))) {
                    return candidate;
                }
            }
        }
        return Json.object().path("absent");
    }

    private void evaluate(JsonNode rule, JsonNode value, JsonNode old, Schema schema, String path) {
        String expression = rule.path("rule").asText();
        boolean compares = OLD_SELF.matcher(expression).find();
        if (compares && old.isMissingNode()) {
            return;
        }
        Map<String, Object> variables = new HashMap<>();
        variables.put("self", RuleValues.of(value, schema, path.isEmpty()));
        if (compares) {
            variables.put("oldSelf", RuleValues.of(old, schema, path.isEmpty()));
        }
        String below = rule.path("fieldPath").asText("");
        String place = path.isEmpty() ? below.replaceFirst("^\\.", "") : path + below;
        String message = rule.path("message").asText("failed rule: " + expression.strip());
        try {
            if (Boolean.TRUE.equals(Engine.SHARED.evaluate(expression, variables))) {
                return;
            }
            if (rule.has("messageExpression")) {
                message = worded(rule.get("messageExpression").asText(), variables, message);
            }
        } catch (CelValidationException | CelEvaluationException e) {
            String type = value.isObject() ? "object" : value.isArray() ? "array" : "value";
            errors.add(FieldError.invalid(
                    place.isEmpty() ? "<nil>" : place,
                    "\"" + type + "\"",
                    explained(e) + " evaluating rule: " + message));
            return;
        }
        Reason reason = Reason.valueOf(rule.path("reason").asText("FieldValueInvalid"));
        String shown = value.isContainerNode() ? "" : Json.text(value);
        errors.add(FieldError.ofRule(reason, place.isEmpty() ? "<nil>" : place, shown, message));
    }

    /** Go's CEL words the commonest fault in another way than Java's. */
    private static String explained(Exception e) {
        String text = String.valueOf(e.getMessage());
        Matcher absent = ABSENT_KEY.matcher(text);
        return absent.find() ? "no such key: " + absent.group(1) : text;
    }

    /** A message expression that fails or says nothing gives way to the fixed message. */
    private static String worded(String expression, Map<String, Object> variables, String otherwise) {
        try {
            String text = String.valueOf(Engine.SHARED.evaluate(expression, variables))
                    .strip();
            return text.isEmpty() || text.contains("\n") ? otherwise : text;
        } catch (CelValidationException | CelEvaluationException e) {
            return otherwise;
        }
    }
}
