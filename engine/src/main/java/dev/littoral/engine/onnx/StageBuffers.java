package dev.littoral.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.checkpoint.Rotary;
import dev.littoral.checkpoint.StageFootprint;
import dev.littoral.engine.StageSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All native buffers of a stage, which every step uses anew: a step of single rows takes no memory. */
final class StageBuffers implements AutoCloseable {

    private static final int MOST_BINDINGS = 64;

    private final Arena arena = Arena.ofShared();
    private final OrtEnvironment environment;
    private final ModelConfig config;
    private final boolean last;
    private final int slots;
    private final KeyValueCache cache;
    private final MemorySegment hidden;
    private final MemorySegment output;
    private final IntBuffer lastPositions;
    private final IntBuffer totalLength;
    private final LongBuffer logitsFrom;
    private final Map<String, OnnxTensor> shared = new HashMap<>();
    private final Map<Runs.Range, Binding> bindings = new LinkedHashMap<>(16, 0.75f, true);

    StageBuffers(OrtEnvironment environment, ModelConfig config, StageSpec spec) throws OrtException {
        this.environment = environment;
        this.config = config;
        this.last = spec.endLayer() == config.layers();
        this.slots = spec.slots();
        try {
            int rows = Math.max(slots, Math.min(StageFootprint.STEP_ROWS, spec.contextTokens()));
            this.cache = new KeyValueCache(config, spec, this::zeroed);
            this.hidden = zeroed(4L * rows * config.hiddenSize());
            this.output = zeroed(last ? 4L * slots * config.vocabularySize() : 4L * rows * config.hiddenSize());
            this.lastPositions = bytes(zeroed(4L * slots)).asIntBuffer();
            this.totalLength = bytes(zeroed(4)).asIntBuffer();
            this.logitsFrom = bytes(zeroed(8)).asLongBuffer();
            tables(spec);
            shared.put("total_length", OnnxTensor.createTensor(environment, totalLength, new long[] {}));
            if (last) {
                shared.put("logits_from", OnnxTensor.createTensor(environment, logitsFrom, new long[] {1}));
            }
        } catch (OrtException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void tables(StageSpec spec) throws OrtException {
        List<Rotary> rotaries = DecoderGraph.rotaries(config, spec);
        for (int i = 0; i < rotaries.size(); i++) {
            FloatBuffer cos = table(rotaries.get(i), spec, "cos" + i);
            FloatBuffer sin = table(rotaries.get(i), spec, "sin" + i);
            RotaryTables.fill(rotaries.get(i), spec.contextTokens(), cos, sin);
        }
    }

    private FloatBuffer table(Rotary rotary, StageSpec spec, String name) throws OrtException {
        long[] shape = {spec.contextTokens(), rotary.dimensions() / 2};
        FloatBuffer table = bytes(zeroed(4 * shape[0] * shape[1])).asFloatBuffer();
        shared.put(name, OnnxTensor.createTensor(environment, table, shape));
        return table;
    }

    private MemorySegment zeroed(long bytes) {
        return NativeMemory.zeroed(bytes, arena);
    }

    private static ByteBuffer bytes(MemorySegment segment) {
        return segment.asByteBuffer().order(ByteOrder.nativeOrder());
    }

    KeyValueCache cache() {
        return cache;
    }

    /** Gives where the hidden states of the next step go, row by row. */
    FloatBuffer hidden() {
        return bytes(hidden).asFloatBuffer();
    }

    /** Gives the hidden states that the last step wrote. */
    ByteBuffer hiddenOut(int firstRow, int rows) {
        long rowBytes = 4L * config.hiddenSize();
        return bytes(output.asSlice(firstRow * rowBytes, rows * rowBytes));
    }

    /** Gives a slot's place for one row of logits, which only steps of this slot write. */
    FloatBuffer logits(int slot) {
        return bytes(rows(slot, 1)).asFloatBuffer();
    }

    private MemorySegment rows(int first, int count) {
        long rowBytes = 4L * (last ? config.vocabularySize() : config.hiddenSize());
        return output.asSlice(first * rowBytes, count * rowBytes);
    }

    /** Says where the rows of the next step stand: one last position for each sequence. */
    void place(int[] positions, int logitRows) {
        int longest = 0;
        for (int i = 0; i < positions.length; i++) {
            lastPositions.put(i, positions[i]);
            longest = Math.max(longest, positions[i]);
        }
        totalLength.put(0, longest + 1);
        logitsFrom.put(0, -logitRows);
    }

    /** Gives what the runtime needs to step neighbouring slots; made once. */
    Binding binding(Runs.Range range) throws OrtException {
        Binding known = bindings.get(range);
        if (known != null) {
            return known;
        }
        if (bindings.size() == MOST_BINDINGS) {
            var oldest = bindings.entrySet().iterator();
            oldest.next().getValue().close();
            oldest.remove();
        }
        Binding made = new Binding(range);
        bindings.put(range, made);
        return made;
    }

    /** Tensors over the buffers of neighbouring slots. */
    final class Binding implements AutoCloseable {

        private final List<OnnxTensor> own = new ArrayList<>();
        private final int sequences;
        private final Map<String, OnnxTensor> inputs = new HashMap<>(shared);
        private final Map<String, OnnxTensor> caches = new HashMap<>();
        private final OnnxTensor oneRowIn;
        private final OnnxTensor oneRowOut;

        private Binding(Runs.Range range) throws OrtException {
            this.sequences = range.count();
            inputs.put(
                    "last_position",
                    keep(OnnxTensor.createTensor(
                            environment, lastPositions.slice(0, sequences), new long[] {sequences})));
            for (var tensor : cache.tensors(environment, range).entrySet()) {
                inputs.put("past_" + tensor.getKey(), keep(tensor.getValue()));
                caches.put("present_" + tensor.getKey(), tensor.getValue());
            }
            this.oneRowIn = keep(in(1));
            this.oneRowOut = keep(
                    last
                            ? tensor(rows(range.first(), sequences), 1, config.vocabularySize())
                            : tensor(output, 1, config.hiddenSize()));
        }

        private OnnxTensor keep(OnnxTensor tensor) {
            own.add(tensor);
            return tensor;
        }

        private OnnxTensor tensor(MemorySegment memory, int rows, int size) throws OrtException {
            FloatBuffer values =
                    bytes(memory.asSlice(0, 4L * sequences * rows * size)).asFloatBuffer();
            return OnnxTensor.createTensor(environment, values, new long[] {sequences, rows, size});
        }

        private OnnxTensor in(int rows) throws OrtException {
            return tensor(hidden, rows, config.hiddenSize());
        }

        /** Gives the inputs of a step of one row each. */
        Map<String, OnnxTensor> inputs() {
            inputs.put("hidden", oneRowIn);
            return inputs;
        }

        /** Gives the inputs of a step; the tensor of the rows is the caller's to close. */
        Map<String, OnnxTensor> inputs(OnnxTensor rows) {
            inputs.put("hidden", rows);
            return inputs;
        }

        OnnxTensor hiddenIn(int rows) throws OrtException {
            return in(rows);
        }

        /** Gives the output of all rows of hidden states; the caller closes it. */
        OnnxTensor hiddenOut(int rows) throws OrtException {
            return tensor(output, rows, config.hiddenSize());
        }

        /** Gives the cache alone as output. */
        Map<String, OnnxTensor> caches() {
            return caches;
        }

        /** Gives the cache and the place of one row of output for each sequence. */
        OnnxTensor oneRowOut() {
            return oneRowOut;
        }

        @Override
        public void close() {
            own.forEach(OnnxTensor::close);
        }
    }

    @Override
    public void close() {
        bindings.values().forEach(Binding::close);
        shared.values().forEach(OnnxTensor::close);
        arena.close();
    }
}
