package dev.littoral.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.checkpoint.Rotary;
import dev.littoral.engine.StageSpec;
import java.lang.foreign.Arena;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All native buffers of a stage: the slots', and the rotary tables that they share. */
final class StageBuffers implements AutoCloseable {

    private final Arena arena = Arena.ofShared();
    private final Map<String, OnnxTensor> tables = new HashMap<>();
    private final List<Slot> slots = new ArrayList<>();

    StageBuffers(OrtEnvironment environment, ModelConfig config, StageSpec spec) throws OrtException {
        try {
            List<Rotary> rotaries = DecoderGraph.rotaries(config, spec);
            for (int i = 0; i < rotaries.size(); i++) {
                FloatBuffer cos = table(environment, rotaries.get(i), spec, "cos" + i);
                FloatBuffer sin = table(environment, rotaries.get(i), spec, "sin" + i);
                RotaryTables.fill(rotaries.get(i), spec.contextTokens(), cos, sin);
            }
            for (int i = 0; i < spec.slots(); i++) {
                slots.add(new Slot(
                        environment, config, spec, tables, (bytes, alignment) -> NativeMemory.zeroed(bytes, arena)));
            }
        } catch (OrtException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private FloatBuffer table(OrtEnvironment environment, Rotary rotary, StageSpec spec, String name)
            throws OrtException {
        long[] shape = {spec.contextTokens(), rotary.dimensions() / 2};
        FloatBuffer table = NativeMemory.zeroed(4 * shape[0] * shape[1], arena)
                .asByteBuffer()
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        tables.put(name, OnnxTensor.createTensor(environment, table, shape));
        return table;
    }

    List<Slot> slots() {
        return slots;
    }

    @Override
    public void close() {
        slots.forEach(Slot::close);
        tables.values().forEach(OnnxTensor::close);
        arena.close();
    }
}
