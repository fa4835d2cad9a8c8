package dev.littoral.sandbox.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.sandbox.apiserver.error.FieldError;
import dev.littoral.sandbox.apiserver.json.Json;
import java.math.BigDecimal;
import java.util.List;

/** Checks a number's bounds. */
final class NumberChecks {

    /** 2^53: from here on a double no longer tells neighbouring whole numbers apart. */
    private static final double MOST_WHOLE = 0x1p53;

    private final List<FieldError> errors;
    private final String path;

    NumberChecks(List<FieldError> errors, String path) {
        this.errors = errors;
        this.path = path;
    }

    void check(JsonNode value, JsonNode schema) {
        BigDecimal number = value.decimalValue();
        if (schema.has("multipleOf")) {
            BigDecimal factor = schema.get("multipleOf").decimalValue();
            if (factor.signum() > 0 && number.remainder(factor).signum() != 0) {
                refuse(value, "a multiple of " + schema.get("multipleOf").asText());
            }
        }
        if (schema.has("minimum")) {
            int order = number.compareTo(schema.get("minimum").decimalValue());
            boolean exclusive = schema.path("exclusiveMinimum").asBoolean();
            if (order < 0 || (exclusive && order == 0)) {
                refuse(value, (exclusive ? "greater than " : "greater than or equal to ") + bound(schema, "minimum"));
            }
        }
        if (schema.has("maximum")) {
            int order = number.compareTo(schema.get("maximum").decimalValue());
            boolean exclusive = schema.path("exclusiveMaximum").asBoolean();
            if (order > 0 || (exclusive && order == 0)) {
                refuse(value, (exclusive ? "less than " : "less than or equal to ") + bound(schema, "maximum"));
            }
        }
        if (schema.path("format").asText("").equals("int32") && !value.canConvertToInt()) {
            errors.add(outOfRange(schema, path));
        }
    }

    /** Says that a number does not fit into the type and format that its schema gives it. */
    static FieldError outOfRange(JsonNode schema, String path) {
        String format = schema.path("format").asText("");
        String form = format.isEmpty() ? " (default format)" : " with format " + format;
        return FieldError.invalid("<nil>", "\"\"", "Checked value must be of type integer" + form + " in " + path);
    }

    /** Tells whether a value is a whole number, however it is spelled, that JSON can carry without loss. */
    static boolean whole(JsonNode value) {
        if (value.isIntegralNumber()) {
            return value.canConvertToLong();
        }
        double number = value.doubleValue();
        return value.isNumber() && number == Math.rint(number) && Math.abs(number) < MOST_WHOLE;
    }

    /** Whole bounds are told without a fraction, however the schema spells them. */
    private static String bound(JsonNode schema, String name) {
        return schema.get(name).decimalValue().stripTrailingZeros().toPlainString();
    }

    private void refuse(JsonNode value, String wanted) {
        errors.add(FieldError.invalid(path, Json.text(value), path + " in body should be " + wanted));
    }
}
