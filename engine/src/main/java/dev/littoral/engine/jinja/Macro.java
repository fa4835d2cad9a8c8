package dev.littoral.engine.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A macro, or the body of a call block.
 *
 * @param frame in which it was defined, whose variables it sees
 */
record Macro(Node.Definition definition, Frame frame, Renderer renderer) implements Callable {

    static Macro of(Node.Definition definition, Frame frame, Renderer renderer) {
        frame.keep();
        return new Macro(definition, frame, renderer);
    }

    @Override
    public String name() {
        return definition.name();
    }

    @Override
    public Object call(Arguments arguments) {
        Budget budget = arguments.budget();
        budget.enterCall();
        budget.entries(arguments.named().size());
        List<String> parameters = definition.parameters();
        List<Object> positional = arguments.positional();
        Map<String, Object> named = new LinkedHashMap<>(arguments.named());
        Frame inner = frame.inner();
        for (String parameter : parameters) {
            budget.step();
            inner.set(parameter, new Undefined("parameter '" + parameter + "' was not provided"));
        }
        int firstDefault = parameters.size() - definition.defaults().size();
        for (int i = 0; i < parameters.size(); i++) {
            String parameter = parameters.get(i);
            Object given = i < positional.size() ? positional.get(i) : named.remove(parameter);
            if (given != null) {
                inner.set(parameter, given);
            } else if (i >= firstDefault) {
                inner.set(parameter, renderer.evaluate(definition.defaults().get(i - firstDefault), inner));
            }
        }
        rest(budget, inner, positional, named);
        String text = renderer.capture(definition.body(), inner);
        budget.leaveCall();
        return text;
    }

    private void rest(Budget budget, Frame inner, List<Object> positional, Map<String, Object> named) {
        if (definition.usesCaller()) {
            Object caller = named.remove("caller");
            inner.set("caller", caller == null ? new Undefined("No caller defined") : caller);
        }
        if (definition.usesNamed()) {
            budget.entries(named.size());
            Dict rest = new Dict();
            named.forEach((name, value) -> rest.put(budget, name, value));
            inner.set("kwargs", rest);
        } else if (!named.isEmpty()) {
            throw Fault.wrong("macro '" + name() + "' takes no keyword argument '"
                    + named.keySet().iterator().next() + "'");
        }
        int taken = Math.min(positional.size(), definition.parameters().size());
        if (definition.usesPositional()) {
            inner.set("varargs", new Tuple(positional.subList(taken, positional.size())));
        } else if (positional.size() > taken) {
            throw Fault.wrong("macro '" + name() + "' takes not more than " + taken + " argument(s)");
        }
    }
}
