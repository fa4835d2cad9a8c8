package dev.littoral.engine.jinja;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Variables of a part of the template; what it does not have is looked for in the part around it. */
final class Frame {

    private final Budget budget;
    private final Optional<Frame> outer;
    private final Map<String, Object> variables;
    private boolean kept;

    private Frame(Budget budget, Optional<Frame> outer, Map<String, Object> variables) {
        this.budget = budget;
        this.outer = outer;
        this.variables = variables;
    }

    static Frame root(Budget budget, Map<String, Object> variables) {
        return new Frame(budget, Optional.empty(), new HashMap<>(variables));
    }

    Frame inner() {
        return new Frame(budget, Optional.of(this), new HashMap<>());
    }

    Frame root() {
        Frame frame = this;
        while (frame.outer.isPresent()) {
            frame = frame.outer.get();
        }
        return frame;
    }

    /** Counts what a macro holds on to after the part has been rendered: this and all around it. */
    void keep() {
        Frame frame = this;
        while (!frame.kept) {
            frame.kept = true;
            budget.entries(1L + frame.variables.size());
            frame = frame.outer.orElse(frame);
        }
    }

    void set(String name, Object value) {
        if (variables.put(name, value) == null && kept) {
            budget.entries(1);
        }
    }

    Object get(String name) {
        for (Optional<Frame> frame = Optional.of(this); frame.isPresent(); frame = frame.get().outer) {
            Object value = frame.get().variables.get(name);
            if (value != null) {
                return value;
            }
        }
        return Undefined.name(name);
    }
}
