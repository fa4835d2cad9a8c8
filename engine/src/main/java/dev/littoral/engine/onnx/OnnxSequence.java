package dev.littoral.engine.onnx;

import dev.littoral.engine.ContextExceededException;
import dev.littoral.engine.Sequence;
import dev.littoral.engine.SequenceClosedException;
import dev.littoral.engine.StageInput;
import dev.littoral.engine.StageOutput;

/** One sequence in its slot. */
final class OnnxSequence implements Sequence {

    private final OnnxStage stage;
    private final Slot slot;
    private final int maxTokens;
    private final Object gate = new Object();
    private volatile int length;
    private volatile boolean closed;
    private boolean running;

    OnnxSequence(OnnxStage stage, Slot slot, int maxTokens) {
        this.stage = stage;
        this.slot = slot;
        this.maxTokens = maxTokens;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public StageOutput forward(StageInput input) {
        stage.require(input);
        enter();
        try {
            int end = length + input.rows();
            if (end > maxTokens) {
                throw new ContextExceededException(end, maxTokens);
            }
            StageOutput output = stage.run(slot, input, length, this::requireOpen);
            length = end;
            return output;
        } finally {
            leave();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new SequenceClosedException();
        }
    }

    private void enter() {
        synchronized (gate) {
            requireOpen();
            if (running) {
                throw new IllegalStateException("another thread runs this sequence");
            }
            running = true;
        }
    }

    private void leave() {
        synchronized (gate) {
            running = false;
            if (closed) {
                stage.release(this, slot);
            }
        }
    }

    @Override
    public void close() {
        synchronized (gate) {
            if (closed) {
                return;
            }
            closed = true;
            if (!running) {
                stage.release(this, slot);
            }
        }
    }
}
