package dev.littoral.engine.onnx;

/** A sequence among those that a stage steps: its slot, and when it comes for its rows. */
final class Seat {

    private final Slot slot;
    private volatile boolean closed;
    private long servedAtNanos;
    private long awayNanos;

    Seat(Slot slot) {
        this.slot = slot;
    }

    Slot slot() {
        return slot;
    }

    boolean closed() {
        return closed;
    }

    /** Notes that the sequence will ask for nothing more. */
    void close() {
        closed = true;
    }

    /** Notes that it asks for a step; the queue's lock is held. */
    void came(long nanos) {
        if (servedAtNanos != 0) {
            awayNanos = (awayNanos + nanos - servedAtNanos) / 2;
        }
    }

    /** Notes that a step gave it a row; the queue's lock is held. */
    void served(long nanos) {
        servedAtNanos = nanos;
    }

    /** Says how long it lately took to ask for its next row; the queue's lock is held. */
    long awayNanos() {
        return awayNanos;
    }
}
