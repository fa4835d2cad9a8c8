package dev.littoral.engine.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python's slices. */
final class Slices {

    private Slices() {}

    /** @throws Fault when the value has no slices, or a bound is no whole number */
    static Object part(Budget budget, Object of, Object start, Object stop, Object step) {
        return switch (of) {
            case String text -> text(budget, text, start, stop, step);
            case Markup markup -> new Markup(text(budget, markup.text(), start, stop, step));
            case List<?> list -> picked(budget, list, start, stop, step);
            case Tuple tuple -> new Tuple(picked(budget, tuple.items(), start, stop, step));
            case Range range -> range(range, start, stop, step);
            case Undefined undefined -> throw undefined.fault();
            default -> throw Fault.wrong("'" + TypeName.of(of) + "' object has no slices");
        };
    }

    /** The first place, how far it is to the next, and how many there are. */
    private record Places(long first, long step, int count) {}

    private static Places places(int length, Object start, Object stop, Object step) {
        long by = step == None.NONE ? 1 : whole(step);
        if (by == 0) {
            throw Fault.wrong("slice step cannot be zero");
        }
        long low = by > 0 ? 0 : -1;
        long high = by > 0 ? length : length - 1L;
        long first = start == None.NONE ? (by > 0 ? low : high) : place(whole(start), length, low, high);
        long end = stop == None.NONE ? (by > 0 ? high : low) : place(whole(stop), length, low, high);
        double count = Math.ceil(((double) end - first) / by);
        return new Places(first, by, (int) Math.max(0, count));
    }

    private static long place(long index, int length, long low, long high) {
        return Math.clamp(index < 0 ? index + length : index, low, high);
    }

    private static long whole(Object bound) {
        if (bound instanceof Long || bound instanceof Boolean) {
            return Arithmetic.whole(bound);
        }
        if (bound instanceof Undefined undefined) {
            throw Fault.wrong("slice indices must be whole numbers: " + undefined.message());
        }
        throw Fault.wrong("slice indices must be whole numbers, not " + TypeName.of(bound));
    }

    private static String text(Budget budget, String text, Object start, Object stop, Object step) {
        budget.reads(text);
        int length = CodePoints.length(text);
        Places places = places(length, start, stop, step);
        if (places.count() == 0) {
            return "";
        }
        if (places.step() == 1) {
            return CodePoints.part(budget, text, (int) places.first(), (int) places.first() + places.count());
        }
        if (length == text.length()) {
            Sink sink = new Sink(budget);
            for (int i = 0; i < places.count(); i++) {
                sink.append(text.charAt((int) (places.first() + i * places.step())));
            }
            return sink.toString();
        }
        budget.text(places.count());
        int[] characters = text.codePoints().toArray();
        int[] picked = new int[places.count()];
        for (int i = 0; i < picked.length; i++) {
            picked[i] = characters[(int) (places.first() + i * places.step())];
        }
        return new String(picked, 0, picked.length);
    }

    private static List<Object> picked(Budget budget, List<?> list, Object start, Object stop, Object step) {
        Places places = places(list.size(), start, stop, step);
        budget.items(places.count());
        List<Object> picked = new ArrayList<>(places.count());
        for (int i = 0; i < places.count(); i++) {
            picked.add(list.get((int) (places.first() + i * places.step())));
        }
        return picked;
    }

    /** Ends with Java's own exception where the range leaves 64 bits. */
    private static Range range(Range range, Object start, Object stop, Object step) {
        Places places = places(range.length(), start, stop, step);
        long first = Math.addExact(range.start(), Math.multiplyExact(places.first(), range.step()));
        long by = Math.multiplyExact(range.step(), places.step());
        return new Range(first, Math.addExact(first, Math.multiplyExact(by, places.count())), by);
    }
}
