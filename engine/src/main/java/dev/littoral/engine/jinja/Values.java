package dev.littoral.engine.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes values of templates from Java's. */
final class Values {

    private Values() {}

    /** @throws IllegalArgumentException when a template has no such values */
    static Object of(Budget budget, Object value) {
        return switch (value) {
            case None _, Boolean _, Long _, Double _, String _ -> value;
            case Integer number -> number.longValue();
            case List<?> list -> {
                List<Object> made = new ArrayList<>(list.size());
                list.forEach(one -> made.add(of(budget, one)));
                yield made;
            }
            case Map<?, ?> map -> {
                Dict made = new Dict();
                map.forEach((key, one) -> made.put(budget, of(budget, key), of(budget, one)));
                yield made;
            }
            default -> throw new IllegalArgumentException("no value of a template: " + value.getClass());
        };
    }
}
