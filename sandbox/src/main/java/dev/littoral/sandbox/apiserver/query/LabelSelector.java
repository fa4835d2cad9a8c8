package dev.littoral.sandbox.apiserver.query;

import dev.littoral.sandbox.apiserver.error.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Chooses objects by their labels: {@code a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1}. */
public final class LabelSelector implements Predicate<Map<String, String>> {

    private static final String KEY = "\\s*([A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?)\\s*";
    private static final Pattern SET = Pattern.compile(KEY + "\\s(in|notin)\\s*\\(([^()]*)\\)\\s*");
    private static final Pattern EQUALITY = Pattern.compile(KEY + "(==|=|!=|>|<)\\s*([-A-Za-z0-9_.]*)\\s*");
    private static final Pattern EXISTENCE = Pattern.compile("\\s*(!?)" + KEY);

    private final List<Predicate<Map<String, String>>> requirements;

    private LabelSelector(List<Predicate<Map<String, String>>> requirements) {
        this.requirements = requirements;
    }

    /**
     * Reads a selector; an empty one chooses everything.
     *
     * @throws Refusal when it cannot be read
     */
    public static LabelSelector parse(String text) {
        List<Predicate<Map<String, String>>> requirements = new ArrayList<>();
        for (String part : split(text)) {
            requirements.add(requirement(part));
        }
        return new LabelSelector(requirements);
    }

    /** Tells whether every object is chosen. */
    public boolean choosesAll() {
        return requirements.isEmpty();
    }

    @Override
    public boolean test(Map<String, String> labels) {
        return requirements.stream().allMatch(each -> each.test(labels));
    }

    /** Commas inside parentheses separate values, the others requirements. */
    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && depth == 0) {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        if (!text.isBlank()) {
            parts.add(part.toString());
        }
        return parts;
    }

    private static Predicate<Map<String, String>> requirement(String part) {
        Matcher set = SET.matcher(part);
        if (set.matches()) {
            String key = set.group(1);
            Set<String> values = new TreeSet<>();
            for (String value : set.group(3).split(",", -1)) {
                values.add(value.strip());
            }
            return set.group(2).equals("in")
                    ? labels -> labels.containsKey(key) && values.contains(labels.get(key))
                    : labels -> !labels.containsKey(key) || !values.contains(labels.get(key));
        }
        Matcher equality = EQUALITY.matcher(part);
        if (equality.matches()) {
            return comparison(equality.group(1), equality.group(2), equality.group(3));
        }
        Matcher existence = EXISTENCE.matcher(part);
        if (existence.matches()) {
            String key = existence.group(2);
            return existence.group(1).isEmpty()
                    ? labels -> labels.containsKey(key)
                    : labels -> !labels.containsKey(key);
        }
        String rest = part.strip().replaceFirst("^!?[-A-Za-z0-9_./]+\\s*", "");
        String found = rest.isEmpty() ? part.strip() : rest.substring(0, 1);
        throw Refusal.badRequest(
                "unable to parse requirement: found '" + found + "', expected: in, notin, =, ==, !=, gt, lt");
    }

    private static Predicate<Map<String, String>> comparison(String key, String operator, String value) {
        return switch (operator) {
            case "!=" -> labels -> !value.equals(labels.get(key));
            case ">", "<" -> {
                long bound = wholeNumber(value);
                yield labels -> labels.containsKey(key) && beyond(labels.get(key), bound, operator.equals(">"));
            }
            default -> labels -> value.equals(labels.get(key));
        };
    }

    private static long wholeNumber(String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw Refusal.badRequest("values[0][gt]: Invalid value: \"" + value
                    + "\": for 'Gt', 'Lt' operators, the value must be an integer");
        }
    }

    private static boolean beyond(String label, long bound, boolean above) {
        try {
            long number = Long.parseLong(label);
            return above ? number > bound : number < bound;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
