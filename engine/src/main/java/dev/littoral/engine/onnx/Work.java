package dev.littoral.engine.onnx;

import dev.littoral.engine.Stage;
import dev.littoral.engine.StageInput;
import dev.littoral.engine.StageOutput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Rows of one sequence that wait for the processor; run in one step, or a long prompt in several. */
final class Work {

    private final Seat seat;
    private final StageInput input;
    private final int logitRows;
    private final ByteBuffer hidden;
    private int doneRows;
    private @Nullable StageOutput output;
    private @Nullable RuntimeException failure;

    /**
     * Makes one.
     *
     * @param hiddenBytes of a row that the stage gives; 0 for the last stage, which gives logits
     */
    Work(Seat seat, StageInput input, int logitRows, int hiddenBytes) {
        this.seat = seat;
        this.input = input;
        this.logitRows = logitRows;
        this.hidden = ByteBuffer.allocate(Math.multiplyExact(input.rows(), hiddenBytes))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    Seat seat() {
        return seat;
    }

    Slot slot() {
        return seat.slot();
    }

    StageInput input() {
        return input;
    }

    int logitRows() {
        return logitRows;
    }

    int doneRows() {
        return doneRows;
    }

    int restRows() {
        return input.rows() - doneRows;
    }

    /**
     * Says whether it is of a sequence that gives tokens: one row, or a draft to be checked; prompts are not, and what
     * comes before a draft is one.
     */
    boolean urgent() {
        return single() || (logitRows > 1 && restRows() <= Stage.MOST_LOGIT_ROWS);
    }

    /** Counts the rows that may run in pieces; the last ones of which logits are asked run at once. */
    int promptRows() {
        return logitRows > 1 ? restRows() - logitRows : restRows();
    }

    boolean single() {
        return input.rows() == 1;
    }

    boolean finished() {
        return output != null || failure != null;
    }

    /** Takes the hidden states of the rows that ran. */
    void ran(int rows, ByteBuffer states) {
        hidden.put(states);
        advance(rows);
        if (restRows() == 0) {
            output = new StageOutput.Activations(hidden.flip(), input.rows());
        }
    }

    /** Takes the logits of the rows that ran. */
    void ran(int rows, StageOutput.Logits logits) {
        advance(rows);
        if (restRows() == 0) {
            output = logits;
        }
    }

    private void advance(int rows) {
        slot().append(input, doneRows, rows);
        doneRows += rows;
    }

    void fail(RuntimeException cause) {
        failure = cause;
    }

    StageOutput result() {
        if (failure != null) {
            throw failure;
        }
        return Objects.requireNonNull(output);
    }
}
