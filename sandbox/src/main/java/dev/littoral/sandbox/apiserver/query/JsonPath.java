package dev.littoral.sandbox.apiserver.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds values by the JSONPath of printer columns: {@code .status.conditions[?(@.type=='Ready')].status}. */
public final class JsonPath {

    private static final Pattern STEP = Pattern.compile(
            "\\.\\.?([A-Za-z_$][-A-Za-z0-9_$]*|\\*)" // .name or .*
                    + "|\\['((?:[^'\\\\]|\\\\.)*)'\\]" // ['name']
                    + "|\\[(\\*|-?\\d+)\\]" // [0] or [*]
                    + "|\\[(-?\\d*):(-?\\d*)\\]" // [1:3]
                    + "|\\[\\?\\(@\\.?([-A-Za-z0-9_./]*)\\s*(==|!=|<=|>=|<|>)?\\s*(.*?)\\)\\]"); // [?(@.a=='b')]

    private final List<Function<JsonNode, List<JsonNode>>> steps;

    private JsonPath(List<Function<JsonNode, List<JsonNode>>> steps) {
        this.steps = steps;
    }

    /**
     * Reads a path.
     *
     * @throws IllegalArgumentException when it cannot be read
     */
    public static JsonPath parse(String text) {
        String rest = text.strip().replace("\\.", "\u0001");
        if (rest.startsWith("{") && rest.endsWith("}")) {
            rest = rest.substring(1, rest.length() - 1);
        }
        if (rest.startsWith("$")) {
            rest = rest.substring(1);
        }
        List<Function<JsonNode, List<JsonNode>>> steps = new ArrayList<>();
        String dotted = rest.replaceAll("(?<=\\.)([A-Za-z0-9_-]*\u0001[-A-Za-z0-9_/\u0001]*)", "['$1']")
                .replace(".[", "[")
                .replace('\u0001', '.');
        Matcher matcher = STEP.matcher(dotted);
        int at = 0;
        while (at < dotted.length() && !dotted.substring(at).equals(".")) {
            if (!matcher.find(at) || matcher.start() != at) {
                throw new IllegalArgumentException("cannot read JSONPath " + text + " from: " + dotted.substring(at));
            }
            steps.add(step(matcher));
            at = matcher.end();
        }
        return new JsonPath(steps);
    }

    /** Finds all values to which the path leads, in document order. */
    public List<JsonNode> find(JsonNode root) {
        List<JsonNode> found = List.of(root);
        for (Function<JsonNode, List<JsonNode>> step : steps) {
            found = found.stream().flatMap(node -> step.apply(node).stream()).toList();
        }
        return found;
    }

    private static Function<JsonNode, List<JsonNode>> step(Matcher matcher) {
        if (matcher.group(1) != null || matcher.group(2) != null) {
            String name = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
            return name.equals("*") && matcher.group(1) != null ? JsonPath::all : node -> present(node.path(name));
        }
        if (matcher.group(3) != null) {
            String index = matcher.group(3);
            return index.equals("*") ? JsonPath::all : node -> present(item(node, Integer.parseInt(index)));
        }
        if (matcher.group(4) != null) {
            return slice(matcher.group(4), matcher.group(5));
        }
        return filter(matcher.group(6), matcher.group(7), matcher.group(8));
    }

    private static List<JsonNode> all(JsonNode node) {
        List<JsonNode> items = new ArrayList<>();
        node.forEach(items::add);
        return items;
    }

    private static List<JsonNode> present(JsonNode node) {
        return node.isMissingNode() ? List.of() : List.of(node);
    }

    private static JsonNode item(JsonNode list, int index) {
        return list.path(index < 0 ? list.size() + index : index);
    }

    private static Function<JsonNode, List<JsonNode>> slice(String first, String end) {
        return node -> {
            int from = bound(first, 0, node.size());
            int to = bound(end, node.size(), node.size());
            List<JsonNode> items = all(node);
            return from < to ? items.subList(from, to) : List.of();
        };
    }

    private static int bound(String text, int otherwise, int size) {
        int bound = text.isEmpty() ? otherwise : Integer.parseInt(text);
        return Math.clamp(bound < 0 ? size + bound : bound, 0, size);
    }

    private static Function<JsonNode, List<JsonNode>> filter(String path, String operator, String literal) {
        String pointer = path.isEmpty() ? "" : "/" + path.replace('.', '/');
        return node -> all(node).stream()
                .filter(item -> operator == null
                        ? !item.at(pointer).isMissingNode()
                        : matches(item.at(pointer), operator, literal.strip()))
                .toList();
    }

    private static boolean matches(JsonNode value, String operator, String literal) {
        if (value.isMissingNode()) {
            return false;
        }
        boolean quoted = literal.length() > 1 && (literal.startsWith("'") || literal.startsWith("\""));
        String text = quoted ? literal.substring(1, literal.length() - 1) : literal;
        int order;
        try {
            order = !quoted && value.isNumber()
                    ? Double.compare(value.doubleValue(), Double.parseDouble(text))
                    : compareBytes(value.asText(), text);
        } catch (NumberFormatException e) {
            return false;
        }
        return switch (operator) {
            case "==" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    private static int compareBytes(String a, String b) {
        return java.util.Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }
}
