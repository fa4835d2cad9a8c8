package dev.littoral.engine.onnx;

import dev.littoral.engine.ContextExceededException;
import dev.littoral.engine.Sequence;
import dev.littoral.engine.SequenceClosedException;
import dev.littoral.engine.Stage;
import dev.littoral.engine.StageInput;
import dev.littoral.engine.StageOutput;

/** One sequence in its slot. */
final class OnnxSequence implements Sequence {

    private final OnnxStage stage;
    private final Seat seat;
    private final int maxTokens;
    private final Object gate = new Object();
    private volatile int length;
    private boolean running;

    OnnxSequence(OnnxStage stage, Slot slot, int maxTokens) {
        this.stage = stage;
        this.seat = new Seat(slot);
        this.maxTokens = maxTokens;
        this.length = slot.length();
    }

    Seat seat() {
        return seat;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public StageOutput forward(StageInput input, int logitRows) {
        stage.require(input);
        if (logitRows < 1 || logitRows > input.rows() || logitRows > Stage.MOST_LOGIT_ROWS) {
            throw new IllegalArgumentException("logitRows is " + logitRows + " but must be from 1 to "
                    + Math.min(input.rows(), Stage.MOST_LOGIT_ROWS));
        }
        enter();
        try {
            int end = length + input.rows();
            if (end > maxTokens) {
                throw new ContextExceededException(end, maxTokens);
            }
            StageOutput output = stage.run(seat, input, logitRows);
            length = end;
            return output;
        } catch (RuntimeException e) {
            seat.slot().rollBack(length);
            throw e;
        } finally {
            leave();
        }
    }

    @Override
    public void rollBack(int shorter) {
        if (shorter < 0 || shorter > length) {
            throw new IllegalArgumentException(
                    "length is " + shorter + " but must be from 0 to " + length + ", what the sequence has");
        }
        enter();
        try {
            seat.slot().rollBack(shorter);
            length = shorter;
        } finally {
            leave();
        }
    }

    private void enter() {
        synchronized (gate) {
            if (seat.closed()) {
                throw new SequenceClosedException();
            }
            if (running) {
                throw new IllegalStateException("another thread runs this sequence");
            }
            running = true;
        }
    }

    private void leave() {
        synchronized (gate) {
            running = false;
            if (seat.closed()) {
                stage.release(this);
            }
        }
    }

    @Override
    public void close() {
        synchronized (gate) {
            if (seat.closed()) {
                return;
            }
            seat.close();
            if (!running) {
                stage.release(this);
            }
        }
        stage.forget(seat);
    }
}
