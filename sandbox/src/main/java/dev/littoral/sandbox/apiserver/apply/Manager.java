package dev.littoral.sandbox.apiserver.apply;

import java.util.Comparator;

/**
 * Names who set fields.
 *
 * @param name the field manager
 * @param operation how it sets them
 * @param apiVersion group and version in which it speaks
 * @param subresource {@code status} or another part through which it writes, empty for the object itself
 */
public record Manager(String name, Operation operation, String apiVersion, String subresource)
        implements Comparable<Manager> {

    /** How a manager sets fields. */
    public enum Operation {
        Apply,
        Update
    }

    private static final Comparator<Manager> ORDER = Comparator.comparing(Manager::name)
            .thenComparing(Manager::operation)
            .thenComparing(Manager::apiVersion)
            .thenComparing(Manager::subresource);

    /** Says who it is in a message about a conflict; an applier goes by its name alone. */
    String shown() {
        String text = "\"" + name + "\"";
        if (!subresource.isEmpty()) {
            text += " with subresource \"" + subresource + "\"";
        }
        return operation == Operation.Apply ? text : text + " using " + apiVersion;
    }

    @Override
    public int compareTo(Manager other) {
        return ORDER.compare(this, other);
    }
}
