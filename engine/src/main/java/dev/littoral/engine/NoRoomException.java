package dev.littoral.engine;

/** Tells that a stage was not loaded because it would not fit, with the sum. */
public final class NoRoomException extends EngineException {

    private final long neededBytes;
    private final long freeBytes;

    /** Makes one with both amounts, in bytes, and a sentence that has the sum. */
    public NoRoomException(long neededBytes, long freeBytes, String message) {
        super(message);
        this.neededBytes = neededBytes;
        this.freeBytes = freeBytes;
    }

    /** Counts the bytes that the stage needs. */
    public long neededBytes() {
        return neededBytes;
    }

    /** Counts the bytes that are free. */
    public long freeBytes() {
        return freeBytes;
    }
}
