package dev.littoral.sandbox.apiserver.query;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.sandbox.apiserver.error.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Chooses objects by the values of a few fields: {@code metadata.name=a,spec.nodeName!=b}. */
public final class FieldSelector implements Predicate<JsonNode> {

    private record Requirement(String pointer, boolean equal, String value) {}

    private final List<Requirement> requirements;

    private FieldSelector(List<Requirement> requirements) {
        this.requirements = requirements;
    }

    /**
     * Reads a selector; an empty one chooses everything.
     *
     * @param supported fields that may be asked for
     * @param unsupported makes the refusal of any other field
     */
    public static FieldSelector parse(
            String text, Predicate<String> supported, java.util.function.Function<String, Refusal> unsupported) {
        List<Requirement> requirements = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            if (part.isEmpty()) {
                continue;
            }
            boolean unequal = part.contains("!=");
            String operator = unequal ? "!=" : part.contains("==") ? "==" : "=";
            int at = part.indexOf(operator);
            if (at < 0) {
                throw Refusal.badRequest("invalid selector: '" + text + "'; can't understand '" + part + "'");
            }
            String field = part.substring(0, at).strip();
            if (!supported.test(field)) {
                throw unsupported.apply(field);
            }
            String value = part.substring(at + operator.length()).strip();
            requirements.add(new Requirement("/" + field.replace('.', '/'), !unequal, value));
        }
        return new FieldSelector(requirements);
    }

    /** Tells whether every object is chosen. */
    public boolean choosesAll() {
        return requirements.isEmpty();
    }

    @Override
    public boolean test(JsonNode object) {
        return requirements.stream()
                .allMatch(each -> each.value().equals(object.at(each.pointer()).asText("")) == each.equal());
    }
}
