package dev.littoral.engine.jinja;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Python's dictionary: keeps its order, and 1, 1.0 and True are one key. */
final class Dict {

    /** A key as it was first given, with its value. */
    record Entry(Object key, Object value) {}

    private final Map<Key, Entry> entries = new LinkedHashMap<>();

    /** Puts what was counted before. */
    void put(Budget budget, Object key, Object value) {
        Key hashed = Key.of(budget, key);
        Entry before = entries.get(hashed);
        entries.put(hashed, new Entry(before == null ? key : before.key(), value));
    }

    /** @throws Fault when it cannot be a key */
    Optional<Object> find(Budget budget, Object key) {
        Entry entry = entries.get(Key.of(budget, key));
        return entry == null ? Optional.empty() : Optional.of(entry.value());
    }

    /** @throws Fault when it cannot be a key */
    boolean has(Budget budget, Object key) {
        return entries.containsKey(Key.of(budget, key));
    }

    int size() {
        return entries.size();
    }

    Collection<Entry> entries() {
        return entries.values();
    }

    /** What a loop over the dictionary sees. */
    List<Object> keys(Budget budget) {
        return new DictView(this, DictView.Kind.KEYS).items(budget);
    }
}
