package dev.littoral.engine.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.checkpoint.StageFootprint;
import dev.littoral.engine.StageSpec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The buffers of one sequence, bound to the graph once: a step with one row takes no memory and copies no cache. */
final class Slot implements AutoCloseable {

    private final OrtEnvironment environment;
    private final String outputName;
    private final int hiddenSize;
    private final int outputSize;
    private final boolean logits;
    private final FloatBuffer hidden;
    private final ByteBuffer output;
    private final IntBuffer lastPosition;
    private final IntBuffer totalLength;
    private final List<OnnxTensor> tensors = new ArrayList<>();
    private final Map<String, OnnxTensor> inputs = new HashMap<>();
    private final Map<String, OnnxTensor> outputs = new HashMap<>();
    private final OnnxTensor oneRowIn;
    private final OnnxTensor oneRowOut;

    Slot(
            OrtEnvironment environment,
            ModelConfig config,
            StageSpec spec,
            Map<String, OnnxTensor> shared,
            SegmentAllocator memory)
            throws OrtException {
        this.environment = environment;
        this.logits = spec.endLayer() == config.layers();
        this.outputName = logits ? "logits" : "hidden_out";
        this.hiddenSize = config.hiddenSize();
        this.outputSize = logits ? config.vocabularySize() : hiddenSize;
        int rows = Math.min(StageFootprint.STEP_ROWS, spec.contextTokens());
        this.hidden = floats(memory, (long) rows * hiddenSize);
        this.output = bytes(memory, 4L * (logits ? 1 : rows) * outputSize);
        this.lastPosition = bytes(memory, 4).asIntBuffer();
        this.totalLength = bytes(memory, 4).asIntBuffer();
        inputs.putAll(shared);
        bind("last_position", OnnxTensor.createTensor(environment, lastPosition, new long[] {1}));
        bind("total_length", OnnxTensor.createTensor(environment, totalLength, new long[] {}));
        long[] shape = {1, config.kvHeads(), spec.contextTokens(), config.headDim()};
        for (int layer = spec.firstLayer(); layer < spec.endLayer(); layer++) {
            for (String kind : new String[] {"key_", "value_"}) {
                OnnxTensor cache = cache(memory, shape, spec.kvBits());
                bind("past_" + kind + layer, cache);
                outputs.put("present_" + kind + layer, cache);
            }
        }
        this.oneRowIn = keep(hiddenTensor(1));
        this.oneRowOut = keep(outputTensor(1));
    }

    private OnnxTensor cache(SegmentAllocator memory, long[] shape, int bits) throws OrtException {
        ByteBuffer numbers = bytes(memory, shape[1] * shape[2] * shape[3] * (bits / 8));
        return switch (bits) {
            case 32 -> OnnxTensor.createTensor(environment, numbers.asFloatBuffer(), shape);
            case 16 -> OnnxTensor.createTensor(environment, numbers, shape, OnnxJavaType.FLOAT16);
            default -> OnnxTensor.createTensor(environment, numbers, shape, OnnxJavaType.INT8);
        };
    }

    private static ByteBuffer bytes(SegmentAllocator memory, long bytes) {
        MemorySegment segment = memory.allocate(bytes, 64);
        return segment.asByteBuffer().order(ByteOrder.nativeOrder());
    }

    private static FloatBuffer floats(SegmentAllocator memory, long count) {
        return bytes(memory, 4 * count).asFloatBuffer();
    }

    private OnnxTensor keep(OnnxTensor tensor) {
        tensors.add(tensor);
        return tensor;
    }

    private void bind(String name, OnnxTensor tensor) {
        inputs.put(name, keep(tensor));
    }

    private OnnxTensor hiddenTensor(int rows) throws OrtException {
        return OnnxTensor.createTensor(
                environment, hidden.slice(0, rows * hiddenSize), new long[] {1, rows, hiddenSize});
    }

    private OnnxTensor outputTensor(int rows) throws OrtException {
        int outputRows = logits ? 1 : rows;
        return OnnxTensor.createTensor(
                environment,
                output.slice(0, 4 * outputRows * outputSize)
                        .order(ByteOrder.nativeOrder())
                        .asFloatBuffer(),
                new long[] {1, outputRows, outputSize});
    }

    /** Gives the buffer for the hidden states of the next step, empty. */
    FloatBuffer hidden() {
        return hidden.clear();
    }

    /** Gives what the last step wrote, in native order: {@code rows} hidden states, or one row of logits. */
    ByteBuffer output(int rows) {
        return output.slice(0, 4 * (logits ? 1 : rows) * outputSize)
                .asReadOnlyBuffer()
                .order(ByteOrder.nativeOrder());
    }

    /** Runs the rows that stand in {@link #hidden()} behind {@code length} earlier ones. */
    void run(OrtSession session, int length, int rows) throws OrtException {
        lastPosition.put(0, length + rows - 1);
        totalLength.put(0, length + rows);
        if (rows == 1) {
            run(session, oneRowIn, oneRowOut);
        } else {
            try (OnnxTensor in = hiddenTensor(rows);
                    OnnxTensor out = outputTensor(rows)) {
                run(session, in, out);
            }
        }
    }

    private void run(OrtSession session, OnnxTensor in, OnnxTensor out) throws OrtException {
        inputs.put("hidden", in);
        outputs.put(outputName, out);
        session.run(inputs, Set.of(), outputs).close();
    }

    @Override
    public void close() {
        tensors.forEach(OnnxTensor::close);
    }
}
