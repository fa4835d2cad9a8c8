package dev.littoral.sandbox.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.NullValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns JSON into the values that CEL computes with. */
final class RuleValues {

    /** Words of CEL that a field's name must not be, and is escaped when it is. */
    private static final Set<String> RESERVED = Set.of(
            "true",
            "false",
            "null",
            "in",
            "as",
            "break",
            "const",
            "continue",
            "else",
            "for",
            "function",
            "if",
            "import",
            "let",
            "loop",
            "package",
            "namespace",
            "return");

    private RuleValues() {}

    /**
     * Converts a value.
     *
     * @param root true for a whole object, of whose metadata rules see the names only
     */
    static Object of(JsonNode value, Schema schema, boolean root) {
        return switch (value.getNodeType()) {
            case OBJECT, POJO -> map(value, schema, root);
            case ARRAY -> {
                List<Object> list = new ArrayList<>();
                value.forEach(item -> list.add(of(item, schema.items(), false)));
                yield list;
            }
            case NUMBER -> {
                boolean whole = value.isIntegralNumber()
                        && !schema.node().path("type").asText("").equals("number");
                yield whole ? (Object) value.longValue() : (Object) value.doubleValue();
            }
            case BOOLEAN -> value.booleanValue();
            case STRING, BINARY -> value.asText();
            case NULL, MISSING -> NullValue.NULL_VALUE;
        };
    }

    private static Map<String, Object> map(JsonNode value, Schema schema, boolean root) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            String name = entry.getKey();
            Schema child = schema.field(name).orElse(schema);
            if (entry.getValue().isNull()) {
                continue; // to a rule, null is absent
            }
            if (root && name.equals("metadata")) {
                map.put(name, names(entry.getValue()));
            } else {
                map.put(schema.declares(name) ? escaped(name) : name, of(entry.getValue(), child, false));
            }
        }
        return map;
    }

    private static Map<String, Object> names(JsonNode metadata) {
        Map<String, Object> names = new LinkedHashMap<>();
        for (String name : List.of("name", "generateName")) {
            if (metadata.hasNonNull(name)) {
                names.put(name, metadata.get(name).asText());
            }
        }
        return names;
    }

    private static String escaped(String name) {
        if (RESERVED.contains(name)) {
            return "__" + name + "__";
        }
        return name.replace("__", "__underscores__")
                .replace(".", "__dot__")
                .replace("-", "__dash__")
                .replace("/", "__slash__");
    }
}
