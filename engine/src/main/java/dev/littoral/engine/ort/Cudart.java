package dev.littoral.engine.ort;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.littoral.engine.EngineException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** The few calls of NVIDIA's CUDA runtime library that memory needs, on the first device that the process sees. */
final class Cudart {

    /** The library that ONNX Runtime's CUDA provider itself is linked to. */
    static final String LIBRARY = "libcudart.so.12";

    private static final int TO_DEVICE = 1;
    private static final int WITHIN_DEVICE = 3;

    private final MethodHandle errorText;
    private final MethodHandle deviceCount;
    private final MethodHandle memoryInfo;
    private final MethodHandle allocate;
    private final MethodHandle free;
    private final MethodHandle set;
    private final MethodHandle copy;
    private final MethodHandle copyRows;
    private final MethodHandle synchronize;

    /** Makes one of a library that has the functions. */
    @SuppressWarnings("restricted") // a function that gives a text
    Cudart(SymbolLookup library) {
        this.errorText = Linker.nativeLinker()
                .downcallHandle(library.findOrThrow("cudaGetErrorString"), FunctionDescriptor.of(ADDRESS, JAVA_INT));
        this.deviceCount = function(library, "cudaGetDeviceCount", ADDRESS);
        this.memoryInfo = function(library, "cudaMemGetInfo", ADDRESS, ADDRESS);
        this.allocate = function(library, "cudaMalloc", ADDRESS, JAVA_LONG);
        this.free = function(library, "cudaFree", ADDRESS);
        this.set = function(library, "cudaMemset", ADDRESS, JAVA_INT, JAVA_LONG);
        this.copy = function(library, "cudaMemcpy", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT);
        this.copyRows = function(
                library, "cudaMemcpy2D", ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
        this.synchronize = function(library, "cudaDeviceSynchronize");
    }

    /** Loads the library; gives none where the system does not find it. */
    @SuppressWarnings("restricted") // the one that the provider loads too
    static Optional<Cudart> load() {
        try {
            return Optional.of(new Cudart(SymbolLookup.libraryLookup(LIBRARY, Arena.global())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @SuppressWarnings("restricted") // the signatures are those of cuda_runtime_api.h
    private static MethodHandle function(SymbolLookup library, String name, MemoryLayout... arguments) {
        return Linker.nativeLinker()
                .downcallHandle(library.findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
    }

    /**
     * Counts the devices.
     *
     * @throws EngineException when there is no driver, or one older than the library
     */
    int devices() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(JAVA_INT);
            call("counting devices", deviceCount, count);
            return count.get(JAVA_INT, 0);
        }
    }

    /** Counts the bytes of the device's memory that no process has taken. */
    long freeBytes() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment free = arena.allocate(JAVA_LONG);
            MemorySegment total = arena.allocate(JAVA_LONG);
            call("asking for free memory", memoryInfo, free, total);
            return free.get(JAVA_LONG, 0);
        }
    }

    /** Takes zeroed memory that is given back when the arena is closed. */
    @SuppressWarnings("restricted") // the size is the one that was asked for; Java never reads it
    MemorySegment zeroed(long bytes, Arena arena) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment made = call.allocate(ADDRESS);
            call("taking " + bytes + " bytes", allocate, made, bytes);
            MemorySegment memory =
                    made.get(ADDRESS, 0).reinterpret(bytes, arena, taken -> call("giving memory back", free, taken));
            call("zeroing " + bytes + " bytes", set, memory, 0, bytes);
            call("zeroing " + bytes + " bytes", synchronize);
            return memory;
        }
    }

    /** Fills memory of the device from that of the host, which lies outside the Java heap. */
    void fill(MemorySegment memory, MemorySegment host) {
        call("copying to the device", copy, memory, host, host.byteSize(), TO_DEVICE);
        call("copying to the device", synchronize);
    }

    /** Copies rows within the device; they are there when it returns. */
    void copyRows(MemorySegment from, MemorySegment to, long pitchBytes, long rowBytes, long rows) {
        call("copying rows", copyRows, to, pitchBytes, from, pitchBytes, rowBytes, rows, WITHIN_DEVICE);
        call("copying rows", synchronize);
    }

    private void call(String what, MethodHandle function, Object... arguments) {
        try {
            int code = (int) function.invokeWithArguments(arguments);
            if (code != 0) {
                String why = OrtTable.text((MemorySegment) errorText.invokeExact(code));
                throw new EngineException("CUDA fails in " + what + ": " + why + " (" + code + ")");
            }
        } catch (EngineException e) {
            throw e;
        } catch (Throwable e) {
            throw new EngineException("CUDA cannot be called for " + what + ": " + e, e);
        }
    }
}
