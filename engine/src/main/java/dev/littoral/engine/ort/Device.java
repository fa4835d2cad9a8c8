package dev.littoral.engine.ort;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Set;

/** What a stage computes on, with memory of its own. */
public abstract sealed class Device permits HostDevice, CudaDevice {

    /** Names it as settings do. */
    public abstract String name();

    /**
     * Says whether its attention takes numbers of 16 bits only, so that the graph computes with them and keys and values
     * of 32 bits are kept at 16.
     */
    public abstract boolean halves();

    /** Lists the bit widths of weights that it has kernels for. */
    public abstract Set<Integer> weightBits();

    /** Says whether binding an input copies it, so that one whose numbers change is bound anew for every run. */
    public abstract boolean copiesInputs();

    /**
     * Takes zeroed memory that is given back when the arena is closed.
     *
     * @throws dev.littoral.engine.EngineException when there is not so much left
     */
    public abstract MemorySegment zeroed(long bytes, Arena arena);

    /** Fills memory of the device with what lies in memory of the host. */
    public abstract void fill(MemorySegment memory, MemorySegment host);

    /**
     * Copies rows within one piece of the device's memory.
     *
     * @param from byte of the first row
     * @param to byte where the first row goes
     * @param pitchBytes from the beginning of a row to that of the next
     * @param rowBytes of each row that are copied
     */
    public abstract void copyRows(MemorySegment memory, long from, long to, long pitchBytes, long rowBytes, long rows);

    /** Names the memory as the runtime does. */
    abstract String memoryName();

    /** Tells the options of a session to compute here. */
    abstract void configure(OrtTable table, MemorySegment sessionOptions);
}
