package dev.littoral.engine.jinja;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What something is called with.
 *
 * @param name of what is called, for messages
 */
record Arguments(Budget budget, String name, List<Object> positional, Map<String, Object> named, List<String> names) {

    Arguments(Budget budget, String name, List<Object> positional, Map<String, Object> named) {
        this(budget, name, positional, named, List.of());
    }

    /**
     * Tells the parameters; those whose name begins with a slash have no name for the caller.
     *
     * @throws Fault when there are arguments that none of them takes
     */
    Arguments taking(String... parameters) {
        List<String> known = Arrays.asList(parameters);
        if (positional.size() > known.size()) {
            throw Fault.wrong(name + "() takes at most " + known.size() + " arguments, not " + positional.size());
        }
        for (String given : named.keySet()) {
            int at = known.indexOf(given);
            if (at < 0) {
                throw Fault.wrong(name + "() got an unexpected keyword argument '" + given + "'");
            }
            if (at < positional.size()) {
                throw Fault.wrong(name + "() got multiple values for argument '" + given + "'");
            }
        }
        return new Arguments(budget, name, positional, named, known);
    }

    Optional<Object> find(String parameter) {
        int at = names.indexOf(parameter);
        if (at >= 0 && at < positional.size()) {
            return Optional.of(positional.get(at));
        }
        return Optional.ofNullable(named.get(parameter));
    }

    Object need(String parameter) {
        return find(parameter)
                .orElseThrow(() -> Fault.wrong(name + "() misses its argument " + parameter.replace("/", "")));
    }

    Object or(String parameter, Object other) {
        return find(parameter).orElse(other);
    }

    /** Like {@link #find}, but {@code None} is as good as nothing. */
    Optional<Object> unlessNone(String parameter) {
        return find(parameter).filter(value -> value != None.NONE);
    }

    String text(String parameter) {
        return text(parameter, need(parameter));
    }

    String text(String parameter, Object value) {
        if (Markup.plain(value) instanceof String text) {
            return text;
        }
        throw Fault.wrong(name + "() needs a text as " + parameter.replace("/", "") + ", not " + TypeName.of(value));
    }

    long whole(String parameter, long other) {
        return find(parameter).map(value -> whole(parameter, value)).orElse(other);
    }

    private long whole(String parameter, Object value) {
        return switch (value) {
            case Long number -> number;
            case Boolean truth -> truth ? 1 : 0;
            default ->
                throw Fault.wrong(name + "() needs a whole number as " + parameter.replace("/", "") + ", not "
                        + TypeName.of(value));
        };
    }

    boolean truth(String parameter) {
        return find(parameter).map(Compare::truth).orElse(false);
    }

    /** The same call without its first positional arguments. */
    Arguments from(String callee, int first) {
        return new Arguments(
                budget, callee, positional.subList(Math.min(first, positional.size()), positional.size()), named);
    }
}
