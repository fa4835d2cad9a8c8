package dev.littoral.engine.ort;

import dev.littoral.engine.EngineException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Takes zeroed memory from the C library. The system gives fresh pages when they are first written, and it does not
 * count against the Java limit of direct buffers, which is as small as the heap.
 */
public final class NativeMemory {

    private static final MethodHandle CALLOC = function(
            "calloc", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    private static final MethodHandle FREE = function("free", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
    private static final Optional<MethodHandle> TRIM =
            known("malloc_trim", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));

    private NativeMemory() {}

    private static MethodHandle function(String name, FunctionDescriptor signature) {
        return known(name, signature).orElseThrow();
    }

    @SuppressWarnings("restricted") // functions of the C library, with the signatures of its documentation
    private static Optional<MethodHandle> known(String name, FunctionDescriptor signature) {
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup().find(name).map(address -> linker.downcallHandle(address, signature));
    }

    /** Takes zeroed bytes that are freed when the arena is closed. */
    @SuppressWarnings("restricted") // the size is the one that calloc was asked for
    public static MemorySegment zeroed(long bytes, Arena arena) {
        try {
            MemorySegment memory = (MemorySegment) CALLOC.invokeExact(1L, bytes);
            if (memory.address() == 0) {
                throw new EngineException("the system has no " + bytes + " bytes of memory left");
            }
            return memory.reinterpret(bytes, arena, NativeMemory::free);
        } catch (EngineException e) {
            throw e;
        } catch (Throwable e) {
            throw new EngineException("memory cannot be taken from the C library", e);
        }
    }

    /** Gives back to the system what the C library keeps for later, where it is one that can (the GNU one). */
    public static void trim() {
        if (TRIM.isPresent()) {
            try {
                int _ = (int) TRIM.get().invokeExact(0L);
            } catch (Throwable e) {
                throw new EngineException("memory cannot be given back to the system", e);
            }
        }
    }

    private static void free(MemorySegment memory) {
        try {
            FREE.invokeExact(memory);
        } catch (Throwable e) {
            throw new EngineException("memory cannot be given back to the C library", e);
        }
    }
}
