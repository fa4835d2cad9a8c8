package dev.littoral.engine.ort;

import dev.littoral.checkpoint.StageFootprint;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Set;

/** The processor with its memory. */
public final class HostDevice extends Device {

    private final boolean rehearsing;

    private HostDevice(boolean rehearsing) {
        this.rehearsing = rehearsing;
    }

    /** Gives the processor as it is. */
    public static HostDevice plain() {
        return new HostDevice(false);
    }

    /**
     * Gives the processor as a rehearsal of a CUDA device: the same graph, of halves, bound and waited for in the same
     * way. It is slower and less exact than the plain one, and there to check what a machine without a GPU can.
     */
    public static HostDevice rehearsing() {
        return new HostDevice(true);
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public boolean halves() {
        return rehearsing;
    }

    @Override
    public Set<Integer> weightBits() {
        return rehearsing ? CudaDevice.WEIGHT_BITS : StageFootprint.WIDTHS;
    }

    @Override
    public boolean copiesInputs() {
        return rehearsing;
    }

    @Override
    public MemorySegment zeroed(long bytes, Arena arena) {
        return NativeMemory.zeroed(bytes, arena);
    }

    @Override
    public void fill(MemorySegment memory, MemorySegment host) {
        memory.copyFrom(host);
    }

    @Override
    public void copyRows(MemorySegment memory, long from, long to, long pitchBytes, long rowBytes, long rows) {
        for (long row = 0; row < rows; row++) {
            MemorySegment.copy(memory, from + row * pitchBytes, memory, to + row * pitchBytes, rowBytes);
        }
    }

    @Override
    String memoryName() {
        return "Cpu";
    }

    @Override
    void configure(OrtTable table, MemorySegment sessionOptions) {
        // the runtime computes on the processor unless told otherwise
    }
}
