package dev.littoral.engine.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** Says whether a value of a field of tokenizer.json may stand. */
@FunctionalInterface
interface ValueRule {

    /** Most tokens, and one more than the largest number of one; the largest known vocabularies have a fourth of it. */
    int MOST_TOKENS = 1 << 20;

    /** Most characters of a token that is matched before all others. */
    int MOST_ADDED_CHARACTERS = 1000;

    ValueRule ANY = value -> "";
    ValueRule FLAG = value -> value.isBoolean() ? "" : "must be true or false";
    ValueRule TEXT = value -> value.isTextual() ? "" : "must be a text";
    ValueRule TEXT_OR_NULL = value -> value.isNull() ? "" : TEXT.problem(value);
    ValueRule NULL =
            value -> value.isNull() || (value.isTextual() && value.textValue().isEmpty()) ? "" : "must be null";
    ValueRule CHARACTER = value -> value.isTextual()
                    && value.textValue().codePointCount(0, value.textValue().length()) == 1
            ? ""
            : "must be one character";
    ValueRule ZERO = value -> value.isIntegralNumber() && value.asLong(-1) == 0 ? "" : "must be 0";
    ValueRule LITERAL = value -> value.size() == 1
                    && value.path("String").isTextual()
                    && !value.path("String").textValue().isEmpty()
            ? ""
            : "must be {\"String\": text}";
    ValueRule PATTERN = value -> value.path("Regex").isTextual() && value.size() == 1
            ? SplitPattern.problem(value.path("Regex").textValue())
            : LITERAL.problem(value);
    ValueRule NUMBER = upTo(MOST_TOKENS - 1);
    ValueRule ADDED_TEXT = text(1, MOST_ADDED_CHARACTERS);

    /** Gives what is wrong with a value, empty when nothing is. */
    String problem(JsonNode value);

    /** Lets whole numbers from 0 on through. */
    static ValueRule upTo(int most) {
        return value ->
                value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= 0 && value.intValue() <= most
                        ? ""
                        : "must be a whole number from 0 to " + most;
    }

    /** Lets texts of so many characters through. */
    static ValueRule text(int fewest, int most) {
        return value -> value.isTextual()
                        && value.textValue().length() >= fewest
                        && value.textValue().length() <= most
                ? ""
                : "must be a text of " + fewest + " to " + most + " characters";
    }

    /** Lets some words through. */
    static ValueRule oneOf(Set<String> words) {
        return value -> value.isTextual() && words.contains(value.textValue()) ? "" : "must be one of " + words;
    }
}
