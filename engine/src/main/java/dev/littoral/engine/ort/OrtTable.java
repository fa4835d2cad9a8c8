package dev.littoral.engine.ort;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.littoral.engine.EngineException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.invoke.MethodHandle;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** The table of functions of the ONNX Runtime that this process has loaded; every status is checked. */
final class OrtTable {

    /** The version whose functions are asked for: that of ONNX Runtime 1.28, or any later one. */
    private static final int API_VERSION = 28;

    private static final int TABLE_PLACES = 256;
    private static final int MOST_MESSAGE_BYTES = 1 << 16;

    private final Map<OrtFunction, MethodHandle> functions = new EnumMap<>(OrtFunction.class);

    /**
     * Reads the table.
     *
     * @param base {@code OrtGetApiBase} of the loaded library
     * @throws EngineException when the library is older than the functions that are needed
     */
    @SuppressWarnings("restricted") // the signatures are those of onnxruntime_c_api.h
    OrtTable(MemorySegment base) {
        Linker linker = Linker.nativeLinker();
        try {
            MethodHandle getBase = linker.downcallHandle(base, FunctionDescriptor.of(ADDRESS));
            MemorySegment table = ((MemorySegment) getBase.invokeExact()).reinterpret(2 * ADDRESS.byteSize());
            MethodHandle getApi =
                    linker.downcallHandle(table.getAtIndex(ADDRESS, 0), FunctionDescriptor.of(ADDRESS, JAVA_INT));
            MemorySegment api = (MemorySegment) getApi.invokeExact(API_VERSION);
            if (api.address() == 0) {
                throw new EngineException("the ONNX Runtime of this process is older than 1." + API_VERSION
                        + "; take that or a later one");
            }
            MemorySegment places = api.reinterpret(TABLE_PLACES * ADDRESS.byteSize());
            for (OrtFunction function : OrtFunction.values()) {
                MethodHandle handle =
                        linker.downcallHandle(places.getAtIndex(ADDRESS, function.place()), function.signature());
                functions.put(
                        function,
                        handle.asSpreader(Object[].class, handle.type().parameterCount()));
            }
        } catch (EngineException e) {
            throw e;
        } catch (Throwable e) {
            throw new EngineException("the table of ONNX Runtime's functions cannot be read: " + e, e);
        }
    }

    /**
     * Calls a function that gives a status.
     *
     * @throws EngineException with what the runtime says when the status is an error
     */
    void call(OrtFunction function, Object... arguments) {
        MemorySegment status = (MemorySegment) invoke(function, arguments);
        if (status.address() != 0) {
            String message = text((MemorySegment) invoke(OrtFunction.GET_ERROR_MESSAGE, status));
            invoke(OrtFunction.RELEASE_STATUS, status);
            throw new EngineException("ONNX Runtime: " + message.strip());
        }
    }

    /** Calls a function whose last argument says where the address of what it makes goes. */
    MemorySegment make(OrtFunction function, Object... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment made = arena.allocate(ADDRESS);
            Object[] all = new Object[arguments.length + 1];
            System.arraycopy(arguments, 0, all, 0, arguments.length);
            all[arguments.length] = made;
            call(function, all);
            return made.get(ADDRESS, 0);
        }
    }

    /** Calls a function as {@link #make} does; what it makes is released when the arena is closed. */
    @SuppressWarnings("restricted") // of the handle nothing but its address is used
    MemorySegment make(Arena arena, OrtFunction release, OrtFunction function, Object... arguments) {
        return make(function, arguments).reinterpret(arena, made -> invoke(release, made));
    }

    /** Releases what was made. */
    void release(OrtFunction function, MemorySegment made) {
        invoke(function, made);
    }

    private Object invoke(OrtFunction function, Object... arguments) {
        try {
            // functions without a result give null, which no caller looks at
            return Objects.requireNonNull(functions.get(function)).invoke(arguments);
        } catch (Throwable e) {
            throw new EngineException(function + " of ONNX Runtime cannot be called: " + e, e);
        }
    }

    /** Gives a text as the runtime takes it. */
    static MemorySegment text(String text, SegmentAllocator arena) {
        return arena.allocateFrom(text);
    }

    /** Reads a text that the runtime gave. */
    @SuppressWarnings("restricted") // the runtime's texts end with a zero
    static String text(MemorySegment text) {
        return text.reinterpret(MOST_MESSAGE_BYTES).getString(0);
    }
}
