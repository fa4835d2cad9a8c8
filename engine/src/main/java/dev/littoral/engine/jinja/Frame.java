package dev.littoral.engine.jinja;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Variables of a part of the template; what it does not have is looked for in the part around it. */
final class Frame {

    private final Optional<Frame> outer;
    private final Map<String, Object> variables;

    private Frame(Optional<Frame> outer, Map<String, Object> variables) {
        this.outer = outer;
        this.variables = variables;
    }

    static Frame root(Map<String, Object> variables) {
        return new Frame(Optional.empty(), new HashMap<>(variables));
    }

    Frame inner() {
        return new Frame(Optional.of(this), new HashMap<>());
    }

    Frame root() {
        Frame frame = this;
        while (frame.outer.isPresent()) {
            frame = frame.outer.get();
        }
        return frame;
    }

    void set(String name, Object value) {
        variables.put(name, value);
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
