package dev.littoral.sandbox.apiserver.query;

import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Reads label selectors, token by token, so that a refusal names the one that does not belong. */
final class LabelSelectorParser {

    private static final String SPECIAL = "=!(),><";
    private static final Set<String> OPERATORS = Set.of("in", "notin", "=", "==", "!=", ">", "<");

    /** Stands behind the last token. */
    private static final String END = "";

    private final List<String> tokens;
    private int next;

    LabelSelectorParser(String text) {
        this.tokens = tokens(text);
    }

    private static List<String> tokens(String text) {
        List<String> tokens = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int begin = at;
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
                continue;
            }
            if (isSpecial(text.charAt(at))) {
                at += text.startsWith("==", at) || text.startsWith("!=", at) ? 2 : 1;
            } else {
                while (at < text.length() && !isSpecial(text.charAt(at)) && !Character.isWhitespace(text.charAt(at))) {
                    at++;
                }
            }
            tokens.add(text.substring(begin, at));
        }
        tokens.add(END);
        return tokens;
    }

    private static boolean isSpecial(char c) {
        return SPECIAL.indexOf(c) >= 0;
    }

    private static boolean isWord(String token) {
        return !token.isEmpty() && !isSpecial(token.charAt(0));
    }

    private String peek() {
        return tokens.get(next);
    }

    private String take() {
        return next < tokens.size() - 1 ? tokens.get(next++) : END;
    }

    /** Reads everything. */
    List<Predicate<Map<String, String>>> requirements() {
        List<Predicate<Map<String, String>>> requirements = new ArrayList<>();
        if (!isWord(peek()) && !peek().equals("!") && !peek().equals(END)) {
            throw unexpected(peek(), ", expected: !, identifier, or 'end of string'");
        }
        while (!peek().equals(END)) {
            requirements.add(requirement());
            String separator = take();
            if (separator.equals(",") && !isWord(peek()) && !peek().equals("!")) {
                throw unexpected(peek(), ", expected: identifier after ','");
            } else if (!separator.equals(",") && !separator.equals(END)) {
                throw unexpected(separator, ", expected: ',' or 'end of string'");
            }
        }
        return requirements;
    }

    private Predicate<Map<String, String>> requirement() {
        boolean absent = peek().equals("!");
        if (absent) {
            take();
        }
        String key = take();
        if (!isWord(key)) {
            throw broken("found '" + key + "', expected: identifier");
        }
        List<String> faults = Labels.keyFaults(key);
        if (!faults.isEmpty()) {
            throw broken("<nil>: Invalid value: " + quoted(key) + ": " + String.join("; ", faults));
        }
        if (absent) {
            return labels -> !labels.containsKey(key);
        }
        if (peek().equals(END) || peek().equals(",")) {
            return labels -> labels.containsKey(key);
        }
        String operator = take();
        if (!OPERATORS.contains(operator)) {
            throw broken("found '" + operator + "', expected: in, notin, =, ==, !=, gt, lt");
        }
        Set<String> values = operator.endsWith("in") ? values() : Set.of(value());
        check(key, operator, values);
        return switch (operator) {
            case "notin", "!=" -> labels -> !labels.containsKey(key) || !values.contains(labels.get(key));
            case ">", "<" -> labels -> labels.containsKey(key) && beyond(labels.get(key), operator, values);
            default -> labels -> labels.containsKey(key) && values.contains(labels.get(key));
        };
    }

    private Set<String> values() {
        String open = take();
        if (!open.equals("(")) {
            throw broken("found '" + open + "' expected: '('");
        }
        Set<String> values = new TreeSet<>();
        while (true) {
            values.add(isWord(peek()) ? take() : "");
            String separator = take();
            if (separator.equals(")")) {
                return values;
            }
            if (!separator.equals(",")) {
                throw broken("found '" + separator + "', expected: ',' or ')'");
            }
        }
    }

    private String value() {
        if (peek().equals(END) || peek().equals(",")) {
            return "";
        }
        String value = take();
        if (!isWord(value)) {
            throw broken("found '" + value + "', expected: identifier");
        }
        return value;
    }

    private static void check(String key, String operator, Set<String> values) {
        int index = 0;
        for (String value : values) {
            String place = "values[" + index++ + "]";
            if ((operator.equals(">") || operator.equals("<")) && !isWholeNumber(value)) {
                throw broken(place + ": Invalid value: " + quoted(value)
                        + ": for 'Gt', 'Lt' operators, the value must be an integer");
            }
            List<String> faults = Labels.valueFaults(value);
            if (!faults.isEmpty()) {
                throw broken(
                        place + "[" + key + "]: Invalid value: " + quoted(value) + ": " + String.join("; ", faults));
            }
        }
    }

    private static boolean beyond(String label, String operator, Set<String> bound) {
        if (!isWholeNumber(label)) {
            return false;
        }
        int order = Long.compare(
                Long.parseLong(label), Long.parseLong(bound.iterator().next()));
        return operator.equals(">") ? order > 0 : order < 0;
    }

    private static boolean isWholeNumber(String text) {
        try {
            Long.parseLong(text);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static String quoted(String text) {
        return Json.text(Json.array().add(text).get(0));
    }

    private static Refusal broken(String why) {
        return Refusal.badRequest("unable to parse requirement: " + why);
    }

    private static Refusal unexpected(String found, String expected) {
        return Refusal.badRequest("found '" + found + "'" + expected);
    }
}
