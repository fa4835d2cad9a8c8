package dev.littoral.engine.ort;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Stands in for libcudart: functions of the same names and signatures, whose device is a piece of this machine's memory.
 * What it cannot show is what a GPU does.
 */
public final class FakeCuda implements AutoCloseable {

    static final int NO_DRIVER = 35;
    private static final int OUT_OF_MEMORY = 2;
    private static final int WITHIN_DEVICE = 3;

    private final Arena arena = Arena.ofShared();
    private final Map<String, MemorySegment> functions = new HashMap<>();
    private final Map<Long, Long> taken = new HashMap<>();
    private final List<String> calls = new ArrayList<>();
    private final int devices;
    private long free;

    /** Makes one with so many devices, of which the first has so many free bytes; without any there is no driver. */
    public FakeCuda(int devices, long freeBytes) {
        this.devices = devices;
        this.free = freeBytes;
        add("cudaGetErrorString", ADDRESS, JAVA_INT);
        add("cudaGetDeviceCount", JAVA_INT, ADDRESS);
        add("cudaMemGetInfo", JAVA_INT, ADDRESS, ADDRESS);
        add("cudaMalloc", JAVA_INT, ADDRESS, JAVA_LONG);
        add("cudaFree", JAVA_INT, ADDRESS);
        add("cudaMemset", JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG);
        add("cudaMemcpy", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT);
        add("cudaMemcpy2D", JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
        add("cudaDeviceSynchronize", JAVA_INT);
    }

    @SuppressWarnings("restricted")
    private void add(String name, MemoryLayout result, MemoryLayout... arguments) {
        FunctionDescriptor signature = FunctionDescriptor.of(result, arguments);
        MethodType type = signature.toMethodType();
        try {
            functions.put(
                    name,
                    Linker.nativeLinker().upcallStub(MethodHandles.lookup().bind(this, name, type), signature, arena));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(name, e);
        }
    }

    SymbolLookup library() {
        return name -> Optional.ofNullable(functions.get(name));
    }

    Cudart cudart() {
        return new Cudart(library());
    }

    /** Gives a device of it. */
    public CudaDevice device() {
        return new CudaDevice(cudart());
    }

    List<String> calls() {
        return calls;
    }

    long takenBytes() {
        return taken.values().stream().mapToLong(Long::longValue).sum();
    }

    @SuppressWarnings("unused") // by name
    private MemorySegment cudaGetErrorString(int code) {
        return arena.allocateFrom(code == NO_DRIVER ? "no driver" : "out of memory");
    }

    @SuppressWarnings({"unused", "restricted"})
    private int cudaGetDeviceCount(MemorySegment count) {
        count.reinterpret(4).set(JAVA_INT, 0, devices);
        return devices < 0 ? NO_DRIVER : 0;
    }

    @SuppressWarnings({"unused", "restricted"})
    private int cudaMemGetInfo(MemorySegment freeBytes, MemorySegment totalBytes) {
        freeBytes.reinterpret(8).set(JAVA_LONG, 0, free);
        totalBytes.reinterpret(8).set(JAVA_LONG, 0, 2 * free);
        return 0;
    }

    @SuppressWarnings({"unused", "restricted"})
    private int cudaMalloc(MemorySegment made, long bytes) {
        if (bytes > free) {
            return OUT_OF_MEMORY;
        }
        MemorySegment memory = arena.allocate(bytes, 256).fill((byte) 0x7f);
        taken.put(memory.address(), bytes);
        free -= bytes;
        made.reinterpret(8).set(ADDRESS, 0, memory);
        return 0;
    }

    @SuppressWarnings("unused")
    private int cudaFree(MemorySegment memory) {
        free += Objects.requireNonNull(taken.remove(memory.address()), "freed what was not taken");
        return 0;
    }

    @SuppressWarnings({"unused", "restricted"})
    private int cudaMemset(MemorySegment memory, int value, long bytes) {
        memory.reinterpret(bytes).fill((byte) value);
        return 0;
    }

    @SuppressWarnings({"unused", "restricted"})
    private int cudaMemcpy(MemorySegment to, MemorySegment from, long bytes, int kind) {
        calls.add("copy " + kind);
        to.reinterpret(bytes).copyFrom(from.reinterpret(bytes));
        return 0;
    }

    @SuppressWarnings({"unused", "restricted"})
    private int cudaMemcpy2D(
            MemorySegment to, long toPitch, MemorySegment from, long fromPitch, long width, long height, int kind) {
        calls.add("rows " + kind);
        if (kind != WITHIN_DEVICE || width > toPitch || width > fromPitch) {
            return 1;
        }
        for (long row = 0; row < height; row++) {
            MemorySegment.copy(
                    from.reinterpret(height * fromPitch),
                    row * fromPitch,
                    to.reinterpret(height * toPitch),
                    row * toPitch,
                    width);
        }
        return 0;
    }

    @SuppressWarnings("unused")
    private int cudaDeviceSynchronize() {
        calls.add("wait");
        return 0;
    }

    @Override
    public void close() {
        arena.close();
    }
}
