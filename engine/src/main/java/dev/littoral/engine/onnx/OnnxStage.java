package dev.littoral.engine.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.checkpoint.StageFootprint;
import dev.littoral.engine.ContextExceededException;
import dev.littoral.engine.EngineException;
import dev.littoral.engine.Sequence;
import dev.littoral.engine.Stage;
import dev.littoral.engine.StageInput;
import dev.littoral.engine.StageOutput;
import dev.littoral.engine.StageSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** A stage whose steps run one after another, in the order in which they were asked for; each uses all threads. */
final class OnnxStage implements Stage {

    private final StageSpec spec;
    private final Checkpoint checkpoint;
    private final OrtSession session;
    private final StageBuffers buffers;
    private final SlotPool slots;
    private final Embedding embedding;
    private final Set<OnnxSequence> sequences = ConcurrentHashMap.newKeySet();
    private final ReentrantLock turn = new ReentrantLock(true);

    OnnxStage(StageSpec spec, Checkpoint checkpoint, OrtSession session, StageBuffers buffers) {
        this.spec = spec;
        this.checkpoint = checkpoint;
        this.session = session;
        this.buffers = buffers;
        this.slots = new SlotPool(buffers.slots());
        this.embedding = new Embedding(checkpoint);
        if (first()) {
            embedding.load();
        }
    }

    @Override
    public StageSpec spec() {
        return spec;
    }

    @Override
    public ModelConfig config() {
        return checkpoint.config();
    }

    @Override
    public boolean first() {
        return spec.firstLayer() == 0;
    }

    @Override
    public boolean last() {
        return spec.endLayer() == config().layers();
    }

    @Override
    public long weightBytes() {
        return OnnxEngine.footprint(checkpoint, spec).weightBytes();
    }

    @Override
    public long kvBytesPerToken() {
        return checkpoint.shape().kvBytesPerTokenAndLayer(spec.kvBits()) * (spec.endLayer() - spec.firstLayer());
    }

    @Override
    public int slots() {
        return spec.slots();
    }

    @Override
    public int freeSlots() {
        return slots.free();
    }

    @Override
    public Sequence open(int maxTokens) {
        if (maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens is " + maxTokens + " but must be at least 1");
        }
        if (maxTokens > spec.contextTokens()) {
            throw new ContextExceededException(maxTokens, spec.contextTokens());
        }
        OnnxSequence sequence = new OnnxSequence(this, slots.take(), maxTokens);
        sequences.add(sequence);
        return sequence;
    }

    void release(OnnxSequence sequence, Slot slot) {
        sequences.remove(sequence);
        slots.giveBack(slot);
    }

    void require(StageInput input) {
        if (input.rows() < 1) {
            throw new IllegalArgumentException("there must be at least one row, not " + input.rows());
        }
        switch (input) {
            case StageInput.Tokens tokens when first() -> embedding.require(tokens.ids());
            case StageInput.Activations activations
            when !first() -> {
                long wanted = 4L * activations.rows() * config().hiddenSize();
                if (activations.f32le().remaining() != wanted) {
                    throw new IllegalArgumentException("activations have "
                            + activations.f32le().remaining() + " bytes, but " + activations.rows() + " rows take "
                            + wanted);
                }
            }
            case StageInput.Tokens _ -> throw new IllegalArgumentException("only the first stage takes tokens");
            case StageInput.Activations _ -> throw new IllegalArgumentException("the first stage takes tokens");
        }
    }

    /** Runs the rows in steps, asking {@code mayRun} before each. */
    StageOutput run(Slot slot, StageInput input, int length, Runnable mayRun) {
        int rows = input.rows();
        ByteBuffer all = last() || rows <= StageFootprint.STEP_ROWS
                ? ByteBuffer.allocate(0)
                : ByteBuffer.allocate(Math.multiplyExact(4 * rows, config().hiddenSize()));
        int stepRows = 0;
        for (int from = 0; from < rows; from += stepRows) {
            stepRows = Math.min(StageFootprint.STEP_ROWS, rows - from);
            step(slot, input, from, length + from, stepRows, mayRun);
            if (all.hasRemaining()) {
                all.put(slot.output(stepRows));
            }
        }
        if (last()) {
            return new StageOutput.Logits(slot.output(1).asFloatBuffer());
        }
        ByteBuffer hidden = all.capacity() > 0 ? all.flip() : slot.output(rows);
        return new StageOutput.Activations(hidden.order(ByteOrder.LITTLE_ENDIAN), rows);
    }

    private void step(Slot slot, StageInput input, int from, int length, int rows, Runnable mayRun) {
        turn.lock();
        try {
            mayRun.run();
            FloatBuffer hidden = slot.hidden();
            switch (input) {
                case StageInput.Tokens tokens -> {
                    for (int i = from; i < from + rows; i++) {
                        embedding.read(tokens.ids()[i], hidden);
                    }
                }
                case StageInput.Activations activations -> {
                    int rowBytes = 4 * config().hiddenSize();
                    ByteBuffer in = activations.f32le();
                    hidden.put(in.slice(in.position() + from * rowBytes, rows * rowBytes)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .asFloatBuffer());
                }
            }
            slot.run(session, length, rows);
        } catch (OrtException e) {
            throw new EngineException("ONNX Runtime fails at position " + length + ": " + e.getMessage(), e);
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void close() {
        boolean first = slots.close();
        List.copyOf(sequences).forEach(OnnxSequence::close);
        slots.awaitAll();
        if (first) {
            buffers.close();
            OnnxEngine.close(session);
            checkpoint.close();
        }
    }
}
