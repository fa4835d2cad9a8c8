package dev.littoral.engine.jinja;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands for all values that are one key of a dictionary. Its hash is mixed with a number that no template knows, so
 * that none can choose keys that fall together.
 */
final class Key {

    private static final long SECRET = new SecureRandom().nextLong();
    private static final long ODD = 0x9E3779B97F4A7C15L;

    private final Object value;
    private final int hash;

    private Key(Object value, long hash) {
        this.value = value;
        this.hash = (int) (hash ^ (hash >>> 32));
    }

    /**
     * Makes the key of a value.
     *
     * @throws Fault when the value cannot be a key
     */
    static Key of(Budget budget, Object value) {
        budget.reads(value);
        return switch (value) {
            case String text -> of(text);
            case Markup markup -> of(markup.text());
            case Boolean truth -> of(truth ? 1L : 0L);
            case Long number -> of(number);
            case Double number when number == Math.rint(number) && Math.abs(number) < 0x1p63 -> of(number.longValue());
            case Double number -> new Key(number, mixed(SECRET, number.hashCode()));
            case Tuple tuple -> of(budget, tuple.items());
            case Range range -> of(budget, range.identity());
            case List<?> _, Dict _, DictView _ -> throw Fault.wrong("unhashable type: '" + TypeName.of(value) + "'");
            case Undefined _ -> new Key(Undefined.class, SECRET);
            default -> new Key(new Same(value), mixed(SECRET, System.identityHashCode(value)));
        };
    }

    private static Key of(long number) {
        return new Key(number, mixed(mixed(SECRET, number), 1));
    }

    private static Key of(String text) {
        long hash = SECRET;
        for (int i = 0; i < text.length(); i++) {
            hash = mixed(hash, text.charAt(i));
        }
        return new Key(text, mixed(hash, 2));
    }

    private static Key of(Budget budget, List<?> items) {
        budget.enter();
        budget.items(items.size());
        List<Key> keys = new ArrayList<>(items.size());
        long hash = SECRET;
        for (Object item : items) {
            Key key = of(budget, item);
            keys.add(key);
            hash = mixed(hash, key.hash);
        }
        budget.leave();
        return new Key(keys, mixed(hash, 3));
    }

    private static long mixed(long hash, long next) {
        long mixed = (hash ^ next) * ODD;
        return mixed ^ (mixed >>> 29);
    }

    /** Compares values that are equal only to themselves. */
    private record Same(Object value) {

        @Override
        public boolean equals(Object other) {
            return other instanceof Same same && Compare.isSame(value, same.value);
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(value);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Key key && hash == key.hash && value.equals(key.value);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
