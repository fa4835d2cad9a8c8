package dev.littoral.sandbox.apiserver.query;

import dev.littoral.sandbox.apiserver.error.Refusal;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Chooses objects by their labels: {@code a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1}. */
public final class LabelSelector implements Predicate<Map<String, String>> {

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
        return new LabelSelector(new LabelSelectorParser(text).requirements());
    }

    /** Tells whether every object is chosen. */
    public boolean choosesAll() {
        return requirements.isEmpty();
    }

    @Override
    public boolean test(Map<String, String> labels) {
        return requirements.stream().allMatch(each -> each.test(labels));
    }
}
