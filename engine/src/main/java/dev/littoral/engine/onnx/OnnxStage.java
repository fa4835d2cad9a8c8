package dev.littoral.engine.onnx;

import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.checkpoint.StageFootprint;
import dev.littoral.engine.ContextExceededException;
import dev.littoral.engine.Sequence;
import dev.littoral.engine.Stage;
import dev.littoral.engine.StageActivity;
import dev.littoral.engine.StageDevice;
import dev.littoral.engine.StageInput;
import dev.littoral.engine.StageOutput;
import dev.littoral.engine.StageSpec;
import dev.littoral.engine.ort.DeviceSession;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** A stage whose steps run one after another, each with rows of several sequences and on all threads. */
final class OnnxStage implements Stage {

    private final StageSpec spec;
    private final StageDevice device;
    private final long weightBytes;
    private final Checkpoint checkpoint;
    private final DeviceSession session;
    private final StageBuffers buffers;
    private final SlotPool slots;
    private final Embedding embedding;
    private final Set<OnnxSequence> sequences = ConcurrentHashMap.newKeySet();
    private final StepQueue steps;
    private volatile boolean closing;

    OnnxStage(
            StageSpec spec,
            StageDevice device,
            long weightBytes,
            Checkpoint checkpoint,
            DeviceSession session,
            StageBuffers buffers,
            Duration decodeWait) {
        this.spec = spec;
        this.device = device;
        this.weightBytes = weightBytes;
        this.checkpoint = checkpoint;
        this.session = session;
        this.buffers = buffers;
        this.slots = new SlotPool(spec.slots(), spec.contextTokens());
        this.embedding = new Embedding(checkpoint);
        this.steps = new StepQueue(
                new StepRunner(checkpoint.config(), last(), buffers, slots, embedding),
                new Pace(decodeWait, Math.min(StageFootprint.STEP_ROWS, spec.contextTokens())),
                System::nanoTime);
        if (first()) {
            try {
                embedding.cache();
            } catch (RuntimeException e) {
                embedding.close();
                throw e;
            }
        }
    }

    @Override
    public StageSpec spec() {
        return spec;
    }

    @Override
    public StageDevice device() {
        return device;
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
        return weightBytes;
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
    public StageActivity activity() {
        return steps.counter().activity(steps.waiting());
    }

    @Override
    public Sequence open(int maxTokens, int[] prompt) {
        if (maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens is " + maxTokens + " but must be at least 1");
        }
        if (maxTokens > spec.contextTokens()) {
            throw new ContextExceededException(maxTokens, spec.contextTokens());
        }
        if (slots.free() == 0) {
            throw slots.none();
        }
        AtomicReference<OnnxSequence> opened = new AtomicReference<>();
        steps.between(() -> opened.set(begin(maxTokens, prompt.clone())));
        OnnxSequence sequence = opened.get();
        sequences.add(sequence);
        if (closing) {
            sequence.close();
        }
        return sequence;
    }

    private OnnxSequence begin(int maxTokens, int[] prompt) {
        SlotPool.Loan loan = slots.take(prompt);
        Slot slot = loan.slot();
        if (loan.source() != slot) {
            try {
                buffers.cache().copy(loan.source().index(), slot.index(), loan.reused());
            } catch (RuntimeException e) {
                // some rows may be another's by now, so the slot holds none; close() waits until it is back
                slot.begin(0, new int[0]);
                slots.giveBack(slot);
                throw e;
            }
            slot.copied(loan.source(), loan.reused());
        }
        slot.begin(loan.reused(), prompt);
        steps.counter().reused(loan.reused());
        return new OnnxSequence(this, slot, maxTokens);
    }

    void release(OnnxSequence sequence) {
        sequences.remove(sequence);
        slots.giveBack(sequence.seat().slot());
    }

    /** Does something between two steps; sequences that ask for one meanwhile wait. */
    void between(Runnable action) {
        steps.between(action);
    }

    /** Hears that a sequence will ask for nothing more. */
    void forget(Seat seat) {
        steps.forget(seat);
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

    /** Runs the rows together with those of others that wait. */
    StageOutput run(Seat seat, StageInput input, int logitRows) {
        Work work = new Work(seat, input, logitRows, last() ? 0 : 4 * config().hiddenSize());
        steps.run(work);
        return work.result();
    }

    @Override
    public void close() {
        closing = true;
        boolean first = slots.close();
        List.copyOf(sequences).forEach(OnnxSequence::close);
        slots.awaitAll();
        if (first) {
            buffers.close();
            session.close();
            embedding.close();
            checkpoint.close();
        }
    }
}
