package dev.littoral.sandbox.process;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Command line arguments of the form {@code --name value}. */
public record Arguments(Map<String, String> values) {

    public Arguments {
        values = Map.copyOf(values);
    }

    /** Returns the arguments by name; throws {@link IllegalArgumentException} for anything but {@code --name value}. */
    public static Arguments parse(String... args) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < args.length; i += 2) {
            if (!args[i].startsWith("--") || i + 1 == args.length) {
                throw new IllegalArgumentException("expected --name value, found: " + args[i]);
            }
            values.put(args[i].substring(2), args[i + 1]);
        }
        return new Arguments(values);
    }

    /** Returns the value of an argument that must be there. */
    public String required(String name) {
        return optional(name).orElseThrow(() -> new IllegalArgumentException("--" + name + " is missing"));
    }

    /** Returns the value of an argument that may be absent. */
    public Optional<String> optional(String name) {
        return Optional.ofNullable(values.get(name));
    }
}
