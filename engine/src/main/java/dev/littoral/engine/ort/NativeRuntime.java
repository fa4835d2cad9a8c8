package dev.littoral.engine.ort;

import dev.littoral.engine.EngineException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/** The ONNX Runtime that Java's {@code OrtEnvironment} has started, with its threads, by its C interface. */
public final class NativeRuntime {

    private static final int LOG_ERRORS = 3;
    private static final int DEVICE_ALLOCATOR = 0;
    private static final int DEFAULT_MEMORY = 0;
    private static final int FIRST = 0;

    /** Longer than a node of one thread takes, and so short that a processor that others use is soon theirs. */
    private static final String SPIN_MICROSECONDS = "200";

    private final OrtTable table;
    private final MemorySegment environment;

    private NativeRuntime(OrtTable table, MemorySegment environment) {
        this.table = table;
        this.environment = environment;
    }

    /**
     * Gives the environment of the process, which must have been made; it is Java's to close.
     *
     * @throws EngineException when the native library is not loaded
     */
    public static NativeRuntime attach() {
        OrtTable table = new OrtTable(OrtLibrary.entry());
        try (Arena arena = Arena.ofConfined()) {
            // a process has one environment: this counts one more user of it and takes that back
            MemorySegment environment =
                    table.make(OrtFunction.CREATE_ENV, LOG_ERRORS, OrtTable.text("littoral", arena));
            table.release(OrtFunction.RELEASE_ENV, environment);
            return new NativeRuntime(table, environment);
        }
    }

    /**
     * Opens a model whose weights lie in files beside it, with threads of its own. They spin for a moment where they wait
     * within a run, for they are needed again at once, and sleep from one run to the next.
     *
     * @param threads that compute it, the one that runs it among them
     * @throws EngineException when the runtime refuses the model, or cannot compute on the device
     */
    public DeviceSession open(Path model, Device device, int threads) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment options =
                    table.make(arena, OrtFunction.RELEASE_SESSION_OPTIONS, OrtFunction.CREATE_SESSION_OPTIONS);
            table.call(OrtFunction.SET_INTRA_OP_THREADS, options, threads);
            table.call(OrtFunction.SET_INTER_OP_THREADS, options, 1);
            configure(options, "session.force_spinning_stop", "1", arena);
            configure(options, "session.intra_op.spin_duration_us", SPIN_MICROSECONDS, arena);
            table.call(OrtFunction.DISABLE_MEMORY_PATTERN, options);
            device.configure(table, options);
            return new DeviceSession(
                    table, table.make(OrtFunction.CREATE_SESSION, environment, path(model, arena), options), device);
        }
    }

    private void configure(MemorySegment options, String key, String value, Arena arena) {
        table.call(
                OrtFunction.ADD_SESSION_CONFIG_ENTRY, options, OrtTable.text(key, arena), OrtTable.text(value, arena));
    }

    /**
     * Checks that sessions can be told to compute on a device.
     *
     * @throws EngineException when what the runtime needs for it is not there
     */
    void require(Device device) {
        try (Arena arena = Arena.ofConfined()) {
            device.configure(
                    table, table.make(arena, OrtFunction.RELEASE_SESSION_OPTIONS, OrtFunction.CREATE_SESSION_OPTIONS));
        }
    }

    /** Gives a path in the characters of the system. */
    private static MemorySegment path(Path path, SegmentAllocator arena) {
        boolean windows =
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
        return arena.allocateFrom(path.toString(), windows ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8);
    }

    /**
     * Gives a maker of tensors in a device's memory.
     *
     * @param arena that what it needs itself is released with
     */
    public DeviceTensors tensors(Device device, Arena arena) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment place = table.make(
                    arena,
                    OrtFunction.RELEASE_MEMORY_INFO,
                    OrtFunction.CREATE_MEMORY_INFO,
                    OrtTable.text(device.memoryName(), call),
                    DEVICE_ALLOCATOR,
                    FIRST,
                    DEFAULT_MEMORY);
            return new DeviceTensors(table, place);
        }
    }
}
