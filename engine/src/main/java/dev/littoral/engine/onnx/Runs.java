package dev.littoral.engine.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Covers the slots that have a row to run by ranges of neighbours, since one run of the graph takes neighbours only. A
 * short gap is run along, with a row whose outcome nobody reads, where that costs less than another run.
 */
final class Runs {

    private final int mostGap;
    private final int mostSlots;

    /**
     * Makes one.
     *
     * @param mostGap slots in a row that are run along
     * @param mostSlots of a range
     */
    Runs(int mostGap, int mostSlots) {
        this.mostGap = mostGap;
        this.mostSlots = mostSlots;
    }

    /** Neighbouring slots, {@code count} of them. */
    record Range(int first, int count) {

        int end() {
            return first + count;
        }
    }

    /**
     * Finds the ranges.
     *
     * @param slots in ascending order
     * @param padding says of a slot between them whether a row of no meaning may run there
     */
    List<Range> cover(List<Integer> slots, IntPredicate padding) {
        List<Range> ranges = new ArrayList<>();
        for (int slot : slots) {
            Range last = ranges.isEmpty() ? null : ranges.getLast();
            if (last != null && reaches(last, slot, padding)) {
                ranges.set(ranges.size() - 1, new Range(last.first(), slot + 1 - last.first()));
            } else {
                ranges.add(new Range(slot, 1));
            }
        }
        return ranges;
    }

    private boolean reaches(Range range, int slot, IntPredicate padding) {
        if (slot - range.end() > mostGap || slot + 1 - range.first() > mostSlots) {
            return false;
        }
        for (int between = range.end(); between < slot; between++) {
            if (!padding.test(between)) {
                return false;
            }
        }
        return true;
    }
}
