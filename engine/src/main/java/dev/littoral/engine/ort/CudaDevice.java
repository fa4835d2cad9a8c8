package dev.littoral.engine.ort;

import static java.lang.foreign.ValueLayout.ADDRESS;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import dev.littoral.engine.EngineException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Set;

/** The first CUDA device that the process sees; {@code CUDA_VISIBLE_DEVICES} chooses among several. */
public final class CudaDevice extends Device {

    /** Takes no more than is asked for, so that what was promised holds; computes 32 bits as 32 bits. */
    private static final Map<String, String> OPTIONS =
            Map.of("device_id", "0", "arena_extend_strategy", "kSameAsRequested", "use_tf32", "0");

    /** ONNX Runtime 1.29 has no kernel that multiplies by 2 bits on CUDA. */
    static final Set<Integer> WEIGHT_BITS = Set.of(32, 16, 8, 4);

    private final Cudart cuda;

    CudaDevice(Cudart cuda) {
        this.cuda = cuda;
    }

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public boolean halves() {
        return true;
    }

    @Override
    public Set<Integer> weightBits() {
        return WEIGHT_BITS;
    }

    @Override
    public boolean copiesInputs() {
        return true;
    }

    /** Counts the bytes of the device's memory that no process has taken. */
    public long freeBytes() {
        return cuda.freeBytes();
    }

    @Override
    public MemorySegment zeroed(long bytes, Arena arena) {
        return cuda.zeroed(bytes, arena);
    }

    @Override
    public void fill(MemorySegment memory, MemorySegment host) {
        cuda.fill(memory, host);
    }

    @Override
    public void copyRows(MemorySegment memory, long from, long to, long pitchBytes, long rowBytes, long rows) {
        cuda.copyRows(memory.asSlice(from), memory.asSlice(to), pitchBytes, rowBytes, rows);
    }

    @Override
    String memoryName() {
        return "Cuda";
    }

    @Override
    void configure(OrtTable table, MemorySegment sessionOptions) {
        unpackProvider();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment options =
                    table.make(arena, OrtFunction.RELEASE_CUDA_OPTIONS, OrtFunction.CREATE_CUDA_OPTIONS);
            MemorySegment names = arena.allocate(ADDRESS, OPTIONS.size());
            MemorySegment values = arena.allocate(ADDRESS, OPTIONS.size());
            int at = 0;
            for (var option : OPTIONS.entrySet()) {
                names.setAtIndex(ADDRESS, at, OrtTable.text(option.getKey(), arena));
                values.setAtIndex(ADDRESS, at, OrtTable.text(option.getValue(), arena));
                at++;
            }
            table.call(OrtFunction.UPDATE_CUDA_OPTIONS, options, names, values, (long) at);
            table.call(OrtFunction.APPEND_CUDA, sessionOptions, options);
        }
    }

    /**
     * Has Java's interface put the provider's library beside that of the runtime. Loading the runtime unpacks the core
     * alone; the provider follows only when Java's own options of it are made, and the C interface, which looks for it in
     * that folder, would never find it. They are made and not used, so that it is the C interface that loads the library
     * and tells which one of NVIDIA's is missing, which Java's leaves out.
     */
    private static void unpackProvider() {
        try (var _ = new OrtCUDAProviderOptions(0)) {
            // unpacked
        } catch (OrtException e) {
            throw new EngineException("ONNX Runtime's CUDA provider is not there: " + e.getMessage(), e);
        }
    }
}
