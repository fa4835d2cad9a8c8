package dev.littoral.engine.jinja;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Python's dictionary: keeps its order, and 1, 1.0 and True are one key. */
final class Dict {

    /** A key as it was first given, with its value. */
    record Entry(Object key, Object value) {}

    private final Map<Object, Entry> entries = new LinkedHashMap<>();

    void put(Object key, Object value) {
        Object hashed = hashed(key);
        Entry before = entries.get(hashed);
        entries.put(hashed, new Entry(before == null ? key : before.key(), value));
    }

    Optional<Object> find(Object key) {
        Entry entry = entries.get(hashed(key));
        return entry == null ? Optional.empty() : Optional.of(entry.value());
    }

    boolean has(Object key) {
        return entries.containsKey(hashed(key));
    }

    int size() {
        return entries.size();
    }

    Collection<Entry> entries() {
        return entries.values();
    }

    List<Object> keys() {
        return new ArrayList<>(entries.values().stream().map(Entry::key).toList());
    }

    List<Object> values() {
        return new ArrayList<>(entries.values().stream().map(Entry::value).toList());
    }

    List<Object> items() {
        List<Object> items = new ArrayList<>(entries.size());
        entries.values().forEach(entry -> items.add(Tuple.of(entry.key(), entry.value())));
        return items;
    }

    /**
     * Gives what stands for all values that are equal.
     *
     * @throws Fault when the value cannot be a key
     */
    static Object hashed(Object key) {
        return switch (key) {
            case Boolean truth -> truth ? 1L : 0L;
            case Double number when number == Math.rint(number) && Math.abs(number) < 1L << 62 -> number.longValue();
            case Markup markup -> markup.text();
            case Tuple tuple -> tuple.items().stream().map(Dict::hashed).toList();
            case List<?> _, Dict _ -> throw Fault.wrong("unhashable type: '" + TypeName.of(key) + "'");
            default -> key;
        };
    }
}
