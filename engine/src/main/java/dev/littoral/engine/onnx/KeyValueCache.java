package dev.littoral.engine.onnx;

import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.engine.StageSpec;
import dev.littoral.engine.ort.Device;
import dev.littoral.engine.ort.DeviceTensor;
import dev.littoral.engine.ort.DeviceTensors;
import dev.littoral.engine.ort.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keys and values of all slots: for each layer two blocks of a device's memory [slots, key heads, positions, head].
 */
final class KeyValueCache {

    private final Device device;
    private final List<String> names = new ArrayList<>();
    private final List<MemorySegment> blocks = new ArrayList<>();
    private final TensorType type;
    private final long[] slotShape;
    private final long slotBytes;
    private final long headBytes;
    private final long positionBytes;

    KeyValueCache(ModelConfig config, StageSpec spec, Device device, Arena arena) {
        this.device = device;
        this.slotShape = new long[] {1, config.kvHeads(), spec.contextTokens(), config.headDim()};
        this.type = type(spec.kvBits());
        this.positionBytes = (long) config.headDim() * type.bytes();
        this.headBytes = positionBytes * spec.contextTokens();
        this.slotBytes = headBytes * config.kvHeads();
        for (int layer = spec.firstLayer(); layer < spec.endLayer(); layer++) {
            for (String kind : List.of("key_", "value_")) {
                names.add(kind + layer);
                blocks.add(device.zeroed(slotBytes * spec.slots(), arena));
            }
        }
    }

    private static TensorType type(int bits) {
        return switch (bits) {
            case 32 -> TensorType.FLOAT;
            case 16 -> TensorType.FLOAT16;
            default -> TensorType.INT8;
        };
    }

    /** Shows neighbouring slots to the runtime; the names begin with {@code key_} or {@code value_}. */
    Map<String, DeviceTensor> tensors(DeviceTensors tensors, Arena arena, Runs.Range range) {
        long[] shape = slotShape.clone();
        shape[0] = range.count();
        Map<String, DeviceTensor> shown = new LinkedHashMap<>();
        for (int i = 0; i < blocks.size(); i++) {
            MemorySegment part = blocks.get(i).asSlice(range.first() * slotBytes, range.count() * slotBytes);
            shown.put(names.get(i), tensors.over(part, arena, type, shape));
        }
        return shown;
    }

    /** Copies the first positions of a slot over those of another. */
    void copy(int from, int to, int positions) {
        for (MemorySegment block : blocks) {
            device.copyRows(
                    block, from * slotBytes, to * slotBytes, headBytes, positions * positionBytes, slotShape[1]);
        }
    }
}
