package dev.littoral.engine.onnx;

import dev.littoral.engine.EngineException;
import dev.littoral.engine.NoFreeSlotException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Lends slots to sequences and knows when all are back. */
final class SlotPool {

    private final int size;
    private final Deque<Slot> free;
    private boolean closed;

    SlotPool(List<Slot> slots) {
        this.size = slots.size();
        this.free = new ArrayDeque<>(slots);
    }

    synchronized Slot take() {
        if (closed) {
            throw new EngineException("the stage was closed");
        }
        Slot slot = free.poll();
        if (slot == null) {
            throw new NoFreeSlotException(size);
        }
        return slot;
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
        while (free.size() < size) {
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
