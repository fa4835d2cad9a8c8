package dev.littoral.scheduler.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Reads typed fields of a JSON object; a field that is null counts as absent. */
record Fields(ObjectNode object) {

    Optional<JsonNode> get(String field) {
        return Optional.ofNullable(object.get(field)).filter(value -> !value.isNull());
    }

    String text(String field) throws InvalidField {
        JsonNode value = get(field).orElseThrow(() -> new InvalidField(field, field + " is missing"));
        if (!value.isTextual() || value.textValue().isEmpty()) {
            throw new InvalidField(field, field + " must be a text that is not empty");
        }
        return value.textValue();
    }

    boolean flag(String field) throws InvalidField {
        Optional<JsonNode> value = get(field);
        if (value.isPresent() && !value.orElseThrow().isBoolean()) {
            throw new InvalidField(field, field + " must be true or false");
        }
        return value.map(JsonNode::booleanValue).orElse(false);
    }

    OptionalInt integer(String field, int least, int most) throws InvalidField {
        OptionalLong value = integer(field);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        long number = value.getAsLong();
        if (number < least || number > most) {
            throw new InvalidField(
                    field, field + " must be an integer between " + least + " and " + most + ", not " + number);
        }
        return OptionalInt.of((int) number);
    }

    OptionalLong integer(String field) throws InvalidField {
        Optional<JsonNode> value = get(field);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!value.orElseThrow().isIntegralNumber() || !value.orElseThrow().canConvertToLong()) {
            throw new InvalidField(field, field + " must be an integer of at most 64 bits");
        }
        return OptionalLong.of(value.orElseThrow().longValue());
    }

    double number(String field, double otherwise, double least, double most) throws InvalidField {
        Optional<JsonNode> value = get(field);
        if (value.isEmpty()) {
            return otherwise;
        }
        double number = value.orElseThrow().isNumber() ? value.orElseThrow().doubleValue() : Double.NaN;
        if (!(number >= least && number <= most)) {
            throw new InvalidField(field, field + " must be a number between " + least + " and " + most);
        }
        return number;
    }
}
