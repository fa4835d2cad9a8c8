package dev.littoral.engine.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.engine.StageSpec;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/** Keys and values of all slots: for each layer two blocks of native memory [slots, key heads, positions, head]. */
final class KeyValueCache {

    private final List<String> names = new ArrayList<>();
    private final List<MemorySegment> blocks = new ArrayList<>();
    private final int bits;
    private final long[] slotShape;
    private final long slotBytes;
    private final long headBytes;
    private final long positionBytes;

    KeyValueCache(ModelConfig config, StageSpec spec, LongFunction<MemorySegment> memory) {
        this.slotShape = new long[] {1, config.kvHeads(), spec.contextTokens(), config.headDim()};
        this.bits = spec.kvBits();
        this.positionBytes = (long) config.headDim() * (bits / 8);
        this.headBytes = positionBytes * spec.contextTokens();
        this.slotBytes = headBytes * config.kvHeads();
        for (int layer = spec.firstLayer(); layer < spec.endLayer(); layer++) {
            for (String kind : List.of("key_", "value_")) {
                names.add(kind + layer);
                blocks.add(memory.apply(slotBytes * spec.slots()));
            }
        }
    }

    /** Counts the neighbouring slots that one tensor can show: Java's buffers end at 2 GiB. */
    int mostNeighbours() {
        return Math.toIntExact(Math.clamp(Integer.MAX_VALUE / slotBytes, 1, Integer.MAX_VALUE));
    }

    /** Shows neighbouring slots to the runtime; the names begin with {@code key_} or {@code value_}. */
    Map<String, OnnxTensor> tensors(OrtEnvironment environment, Runs.Range range) throws OrtException {
        long[] shape = slotShape.clone();
        shape[0] = range.count();
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i < blocks.size(); i++) {
            MemorySegment part = blocks.get(i).asSlice(range.first() * slotBytes, range.count() * slotBytes);
            tensors.put(names.get(i), tensor(environment, part.asByteBuffer().order(ByteOrder.nativeOrder()), shape));
        }
        return tensors;
    }

    private OnnxTensor tensor(OrtEnvironment environment, ByteBuffer numbers, long[] shape) throws OrtException {
        return switch (bits) {
            case 32 -> OnnxTensor.createTensor(environment, numbers.asFloatBuffer(), shape);
            case 16 -> OnnxTensor.createTensor(environment, numbers, shape, OnnxJavaType.FLOAT16);
            default -> OnnxTensor.createTensor(environment, numbers, shape, OnnxJavaType.INT8);
        };
    }

    /** Copies the first positions of a slot over those of another. */
    void copy(int from, int to, int positions) {
        for (MemorySegment block : blocks) {
            for (int head = 0; head < slotShape[1]; head++) {
                MemorySegment.copy(
                        block,
                        from * slotBytes + head * headBytes,
                        block,
                        to * slotBytes + head * headBytes,
                        positions * positionBytes);
            }
        }
    }
}
