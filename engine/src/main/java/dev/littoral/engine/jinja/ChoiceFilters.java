package dev.littoral.engine.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Filters that choose items of a list by a test, or apply a filter to each. */
final class ChoiceFilters {

    static final Map<String, Filters.Filter> ALL = Map.of(
            "map", ChoiceFilters::map,
            "reject", (value, given) -> chosen(value, given, false, false),
            "rejectattr", (value, given) -> chosen(value, given, true, false),
            "select", (value, given) -> chosen(value, given, false, true),
            "selectattr", (value, given) -> chosen(value, given, true, true));

    private ChoiceFilters() {}

    private static Object map(Object value, Arguments given) {
        if (!Compare.truth(value)) {
            return new Generator(List.of());
        }
        Budget budget = given.budget();
        List<Object> mapped = new ArrayList<>();
        if (given.positional().isEmpty() && given.named().containsKey("attribute")) {
            Arguments arguments = given.taking("/", "attribute", "default");
            Optional<Object> instead = arguments.unlessNone("default");
            Path path = Path.of(budget, arguments.need("attribute"), instead);
            budget.items(0);
            for (Object item : Sequences.items(budget, value)) {
                budget.add(mapped, path.in(item));
            }
            return new Generator(mapped);
        }
        if (given.positional().isEmpty()) {
            throw Fault.wrong("map requires a filter argument");
        }
        String name = given.text("the filter", given.positional().getFirst());
        Arguments arguments = given.from(name, 1);
        budget.items(0);
        for (Object item : Sequences.items(budget, value)) {
            budget.reads(item);
            budget.add(mapped, Filters.apply(name, item, arguments));
        }
        return new Generator(mapped);
    }

    private static Object chosen(Object value, Arguments given, boolean ofAttribute, boolean when) {
        if (!Compare.truth(value)) {
            return new Generator(List.of());
        }
        Budget budget = given.budget();
        if (ofAttribute && given.positional().isEmpty()) {
            throw Fault.wrong("Missing parameter for attribute name");
        }
        Path path = Path.of(budget, ofAttribute ? given.positional().getFirst() : None.NONE);
        int tested = ofAttribute ? 1 : 0;
        Optional<String> test = given.positional().size() > tested
                ? Optional.of(given.text("the test", given.positional().get(tested)))
                : Optional.empty();
        budget.entries(given.named().size());
        Arguments arguments = new Arguments(
                budget, test.orElse(""), given.from("", tested + 1).positional(), new LinkedHashMap<>(given.named()));
        List<Object> chosen = new ArrayList<>();
        budget.items(0);
        for (Object item : Sequences.items(budget, value)) {
            budget.step();
            Object judged = path.in(item);
            boolean holds =
                    test.map(name -> Tests.holds(name, judged, arguments)).orElseGet(() -> Compare.truth(judged));
            if (holds == when) {
                budget.add(chosen, item);
            }
        }
        return new Generator(chosen);
    }
}
