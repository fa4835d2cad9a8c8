package dev.littoral.engine.ort;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Shows memory to ONNX Runtime as a tensor; the memory itself is the caller's and must outlive the runs that use it. */
public final class DeviceTensor {

    private final MemorySegment value;

    DeviceTensor(
            OrtTable table, MemorySegment place, Arena arena, TensorType type, MemorySegment memory, long... shape) {
        long bytes = type.bytes();
        for (long size : shape) {
            bytes = Math.multiplyExact(bytes, size);
        }
        if (bytes > memory.byteSize()) {
            throw new IllegalArgumentException(
                    "the tensor takes " + bytes + " bytes, but its memory has " + memory.byteSize());
        }
        try (Arena call = Arena.ofConfined()) {
            MemorySegment sizes = call.allocateFrom(JAVA_LONG, shape);
            this.value = table.make(
                    arena,
                    OrtFunction.RELEASE_VALUE,
                    OrtFunction.CREATE_TENSOR_WITH_DATA,
                    place,
                    memory,
                    bytes,
                    sizes,
                    (long) shape.length,
                    type.code());
        }
    }

    MemorySegment value() {
        return value;
    }
}
