package dev.littoral.engine.ort;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The processor with its memory. */
public final class HostDevice extends Device {

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public boolean halves() {
        return false;
    }

    @Override
    public boolean host() {
        return true;
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
