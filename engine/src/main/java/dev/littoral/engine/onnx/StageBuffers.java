package dev.littoral.engine.onnx;

import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.checkpoint.Rotary;
import dev.littoral.checkpoint.StageFootprint;
import dev.littoral.engine.StageOutput;
import dev.littoral.engine.StageSpec;
import dev.littoral.engine.ort.Device;
import dev.littoral.engine.ort.DeviceSession;
import dev.littoral.engine.ort.DeviceTensor;
import dev.littoral.engine.ort.DeviceTensors;
import dev.littoral.engine.ort.HostDevice;
import dev.littoral.engine.ort.NativeRuntime;
import dev.littoral.engine.ort.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All native buffers of a stage, which every step uses anew: a step of single rows takes no memory.
 *
 * <p>Keys, values and rotary tables lie in the memory of the device that computes and stay there; what goes in and out
 * lies in that of the host.
 */
final class StageBuffers implements AutoCloseable {

    private static final int MOST_BINDINGS = 64;

    private final Arena arena = Arena.ofShared();
    private final Device host = HostDevice.plain();
    private final DeviceSession session;
    private final DeviceTensors onDevice;
    private final DeviceTensors onHost;
    private final ModelConfig config;
    private final @Nullable LogitBuffers logits;
    private final KeyValueCache cache;
    private final MemorySegment hidden;
    private final MemorySegment output;
    private final MemorySegment lastPositionMemory;
    private final IntBuffer lastPositions;
    private final IntBuffer totalLength;
    private final LongBuffer logitsFrom;
    private final Map<String, DeviceTensor> tables = new HashMap<>();
    private final Map<String, DeviceTensor> shared = new HashMap<>();
    private final Map<Runs.Range, Binding> bindings = new LinkedHashMap<>(16, 0.75f, true);

    StageBuffers(NativeRuntime runtime, DeviceSession session, ModelConfig config, StageSpec spec) {
        this.session = session;
        this.config = config;
        try {
            this.onDevice = runtime.tensors(session.device(), arena);
            this.onHost = runtime.tensors(host, arena);
            boolean last = spec.endLayer() == config.layers();
            int rows = Math.max(spec.slots(), Math.min(StageFootprint.STEP_ROWS, spec.contextTokens()));
            this.cache = new KeyValueCache(config, spec, session.device(), arena);
            this.hidden = zeroed(4L * rows * config.hiddenSize());
            this.logits = last ? new LogitBuffers(onHost, config.vocabularySize(), spec.slots(), arena) : null;
            this.output = last ? MemorySegment.NULL : zeroed(4L * rows * config.hiddenSize());
            this.lastPositionMemory = zeroed(4L * spec.slots());
            this.lastPositions = bytes(lastPositionMemory).asIntBuffer();
            MemorySegment length = zeroed(4);
            this.totalLength = bytes(length).asIntBuffer();
            MemorySegment from = zeroed(8);
            this.logitsFrom = bytes(from).asLongBuffer();
            tables(spec);
            shared.put("total_length", onHost.over(length, arena, TensorType.INT32));
            if (last) {
                shared.put("logits_from", onHost.over(from, arena, TensorType.INT64, 1));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void tables(StageSpec spec) {
        List<Rotary> rotaries = DecoderGraph.rotaries(config, spec);
        for (int i = 0; i < rotaries.size(); i++) {
            Rotary rotary = rotaries.get(i);
            long[] shape = {spec.contextTokens(), rotary.dimensions() / 2};
            try (Arena filling = Arena.ofConfined()) {
                MemorySegment cos = host.zeroed(4 * shape[0] * shape[1], filling);
                MemorySegment sin = host.zeroed(4 * shape[0] * shape[1], filling);
                RotaryTables.fill(
                        rotary,
                        spec.contextTokens(),
                        bytes(cos).asFloatBuffer(),
                        bytes(sin).asFloatBuffer());
                tables.put("cos" + i, table(cos, shape));
                tables.put("sin" + i, table(sin, shape));
            }
        }
    }

    private DeviceTensor table(MemorySegment numbers, long[] shape) {
        boolean halves = session.device().halves();
        if (halves) {
            // in place: a half stands before the number that comes after it
            Halves.write(bytes(numbers).asFloatBuffer(), bytes(numbers).asShortBuffer());
        }
        TensorType type = halves ? TensorType.FLOAT16 : TensorType.FLOAT;
        long size = type.bytes() * shape[0] * shape[1];
        MemorySegment table = session.device().zeroed(size, arena);
        session.device().fill(table, numbers.asSlice(0, size));
        return onDevice.over(table, arena, type, shape);
    }

    private MemorySegment zeroed(long bytes) {
        return host.zeroed(bytes, arena);
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

    /** Gives a slot's row of logits, which only steps of this slot write; there are some in the last stage alone. */
    StageOutput.Logits logits(int slot) {
        return lastStages().ofSlot(slot);
    }

    /** Takes a row of logits that a step gave apart to the place of its slot. */
    void toSlot(int row, int slot) {
        lastStages().toSlot(row, slot);
    }

    private LogitBuffers lastStages() {
        return Objects.requireNonNull(logits);
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
    Binding binding(Runs.Range range) {
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

    /** Neighbouring slots, ready to be stepped. */
    final class Binding implements AutoCloseable {

        private final Arena own = Arena.ofShared();
        private final StepBinding step;
        private final int sequences;
        private final DeviceTensor oneRowIn;
        private final Map<String, DeviceTensor> oneRowOut;

        private Binding(Runs.Range range) {
            this.sequences = range.count();
            try {
                this.step = new StepBinding(session, own);
                tables.forEach(step::always);
                cache.tensors(onDevice, own, range).forEach((name, tensor) -> {
                    step.always("past_" + name, tensor);
                    step.alwaysOut("present_" + name, tensor);
                });
                shared.forEach(step::input);
                step.input("last_position", onHost.over(lastPositionMemory, own, TensorType.INT32, sequences));
                this.oneRowIn = in(1, own);
                this.oneRowOut = logits == null ? hiddenOut(1, own) : logits.ofSlots(range.first(), sequences, own);
            } catch (RuntimeException e) {
                own.close();
                throw e;
            }
        }

        private DeviceTensor in(int rows, Arena arena) {
            return onHost.over(hidden, arena, TensorType.FLOAT, sequences, rows, config.hiddenSize());
        }

        private Map<String, DeviceTensor> hiddenOut(int rows, Arena arena) {
            return Map.of(
                    "hidden_out", onHost.over(output, arena, TensorType.FLOAT, sequences, rows, config.hiddenSize()));
        }

        /** Runs one row of each sequence; a row of logits comes to the place of its slot. */
        void run() {
            step.run(oneRowIn, oneRowOut);
        }

        /** Runs one row of each sequence of the last stage; the logits come to a place that the next such run uses again. */
        void runApart() {
            try (Arena once = Arena.ofConfined()) {
                step.run(oneRowIn, lastStages().apart(sequences, 1, once));
            }
        }

        /** Runs rows of one sequence: all give hidden states, or the last gives logits to the place of its slot. */
        void run(int rows) {
            try (Arena once = Arena.ofConfined()) {
                step.run(in(rows, once), logits == null ? hiddenOut(rows, once) : oneRowOut);
            }
        }

        /** Runs rows of one sequence of the last stage; gives the logits of the last of them, the caller's to keep. */
        StageOutput.Logits run(int rows, int logitRows) {
            try (Arena once = Arena.ofConfined()) {
                step.run(in(rows, once), lastStages().apart(1, logitRows, once));
            }
            return lastStages().copied(logitRows);
        }

        @Override
        public void close() {
            own.close();
        }
    }

    @Override
    public void close() {
        bindings.values().forEach(Binding::close);
        arena.close();
    }
}
