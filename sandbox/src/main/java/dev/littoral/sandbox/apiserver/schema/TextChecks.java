package dev.littoral.sandbox.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.sandbox.apiserver.error.FieldError;
import dev.littoral.sandbox.apiserver.error.FieldError.Reason;
import dev.littoral.sandbox.apiserver.json.Json;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/** Checks a text's length, pattern and format; the first fault is the only one that is told. */
final class TextChecks {

    private static final Pattern UUID_FORM = Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final List<FieldError> errors;
    private final String path;

    TextChecks(List<FieldError> errors, String path) {
        this.errors = errors;
        this.path = path;
    }

    void check(JsonNode value, JsonNode schema) {
        String text = value.asText();
        String shown = Json.text(value);
        int length = text.codePointCount(0, text.length());
        if (schema.has("maxLength") && length > schema.get("maxLength").asInt()) {
            String most = schema.get("maxLength").asText();
            errors.add(new FieldError(Reason.FieldValueTooLong, path, "", "may not be more than " + most + " bytes"));
        } else if (schema.has("minLength") && length < schema.get("minLength").asInt()) {
            String least = schema.get("minLength").asText();
            errors.add(FieldError.invalid(path, shown, path + " in body should be at least " + least + " chars long"));
        } else if (schema.has("pattern")
                && !Patterns.finds(schema.get("pattern").asText(), text)) {
            String pattern = schema.get("pattern").asText();
            errors.add(FieldError.invalid(path, shown, path + " in body should match '" + pattern + "'"));
        }
        String format = schema.path("format").asText("");
        if (!format.isEmpty() && !hasFormat(format, text)) {
            errors.add(new FieldError(
                    Reason.FieldValueTypeInvalid,
                    path,
                    shown,
                    path + " in body must be of type " + format + ": " + shown));
        }
    }

    /** Formats that the real server does not know are no constraint either. */
    private static boolean hasFormat(String format, String text) {
        try {
            switch (format) {
                case "date-time" -> OffsetDateTime.parse(text);
                case "date" -> LocalDate.parse(text);
                case "uuid" -> {
                    return UUID_FORM.matcher(text).matches()
                            && UUID.fromString(text).toString().length() == 36;
                }
                case "byte" -> Base64.getDecoder().decode(text);
                default -> {
                    return true;
                }
            }
            return true;
        } catch (DateTimeException | IllegalArgumentException e) {
            return false;
        }
    }
}
