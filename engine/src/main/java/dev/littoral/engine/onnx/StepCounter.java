package dev.littoral.engine.onnx;

import dev.littoral.engine.StageActivity;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a stage runs. */
final class StepCounter {

    private final LongAdder steps = new LongAdder();
    private final LongAdder decodeSteps = new LongAdder();
    private final LongAdder decodeRows = new LongAdder();
    private final LongAdder promptRows = new LongAdder();
    private final LongAdder reusedRows = new LongAdder();

    void promptRan(int rows) {
        steps.increment();
        promptRows.add(rows);
    }

    void decodeRan(int runs, int rows) {
        steps.add(runs);
        decodeSteps.add(runs);
        decodeRows.add(rows);
    }

    void reused(int rows) {
        reusedRows.add(rows);
    }

    StageActivity activity(int waiting) {
        return new StageActivity(
                steps.sum(), decodeSteps.sum(), decodeRows.sum(), promptRows.sum(), reusedRows.sum(), waiting);
    }
}
