package dev.littoral.engine.onnx;

import dev.littoral.engine.EngineException;
import dev.littoral.engine.NoFreeSlotException;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;

/** Lends slots to sequences, preferably one that holds how they begin, and knows when all are back. */
final class SlotPool {

    /** Fewer rows than these are computed again rather than copied from slot to slot. */
    private static final int LEAST_COPIED = 16;

    private final List<Slot> all;
    private final Deque<Slot> free;
    private boolean closed;

    /**
     * What a new sequence gets.
     *
     * @param source holds the first rows; the slot itself, or another from which to copy them
     * @param reused number of first rows that need not be computed
     */
    record Loan(Slot slot, Slot source, int reused) {}

    SlotPool(int slots, int contextTokens) {
        this.all = IntStream.range(0, slots)
                .mapToObj(index -> new Slot(index, contextTokens))
                .toList();
        this.free = new ArrayDeque<>(all);
    }

    /** Gives the slot of a number. */
    Slot slot(int index) {
        return all.get(index);
    }

    /**
     * Lends a slot; nobody changes rows of the cache meanwhile.
     *
     * <p>A free slot of which the prompt takes at least half stays where it is. Otherwise an empty slot, or the one
     * that was idle longest, is given up, and what the prompt shares with any other is copied into it.
     */
    synchronized Loan take(int[] prompt) {
        if (closed) {
            throw new EngineException("the stage was closed");
        }
        if (free.isEmpty()) {
            throw none();
        }
        Slot oldest = free.stream()
                .filter(slot -> slot.known() == 0)
                .min(Comparator.comparingInt(Slot::index))
                .orElse(free.getLast());
        Comparator<Slot> byRows = Comparator.comparingInt(slot -> usable(slot, prompt));
        Slot alike = free.stream().max(byRows).orElse(oldest);
        Slot source = all.stream().max(byRows).orElse(oldest);
        int kept = usable(alike, prompt);
        int best = usable(source, prompt);
        Loan loan;
        if (kept > 0 && 2 * kept >= alike.known() && best - kept < LEAST_COPIED) {
            loan = new Loan(alike, alike, kept);
        } else if (best >= LEAST_COPIED && best > usable(oldest, prompt)) {
            loan = new Loan(oldest, source, best);
        } else {
            loan = new Loan(oldest, oldest, usable(oldest, prompt));
        }
        free.remove(loan.slot());
        return loan;
    }

    /** Counts the prompt's rows that a slot holds, but for the last one, which brings the first token. */
    private static int usable(Slot slot, int[] prompt) {
        return Math.min(slot.commonWith(prompt), Math.max(0, prompt.length - 1));
    }

    NoFreeSlotException none() {
        return new NoFreeSlotException(all.size());
    }

    synchronized void giveBack(Slot slot) {
        free.push(slot);
        notifyAll();
    }

    synchronized int free() {
        return closed ? 0 : free.size();
    }

    /** Lends no more; says whether this call was the first to ask for that. */
    synchronized boolean close() {
        boolean first = !closed;
        closed = true;
        return first;
    }

    /** Waits until every slot is back, through interruptions: their memory is in use until then. */
    synchronized void awaitAll() {
        boolean interrupted = false;
        while (free.size() < all.size()) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
