package dev.littoral.engine.ort;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Makes tensors over memory of one device. */
public final class DeviceTensors {

    private final OrtTable table;
    private final MemorySegment place;

    DeviceTensors(OrtTable table, MemorySegment place) {
        this.table = table;
        this.place = place;
    }

    /**
     * Shows the beginning of a piece of memory as a tensor.
     *
     * @param arena that the tensor, not its memory, is released with
     * @param shape sizes of its dimensions; none makes a single number
     */
    public DeviceTensor over(MemorySegment memory, Arena arena, TensorType type, long... shape) {
        return new DeviceTensor(table, place, arena, type, memory, shape);
    }
}
