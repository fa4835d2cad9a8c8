package dev.littoral.agent.stage;

import dev.littoral.engine.Sequence;
import dev.littoral.engine.Stage;
import dev.littoral.engine.StageInput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/** Runs a short prompt and a few single tokens through a loaded stage, which also shows that it runs at all. */
final class SelfMeasurement {

    private static final int DECODE_STEPS = 16;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Stage stage;
    private final int promptRows;
    private final int decodeSteps;
    private final SplittableRandom random = new SplittableRandom(42);

    SelfMeasurement(Stage stage, int prefillRows) {
        this.stage = stage;
        int contextTokens = stage.spec().contextTokens();
        promptRows = Math.max(1, Math.min(prefillRows, contextTokens / 2));
        decodeSteps = Math.min(DECODE_STEPS, contextTokens - promptRows);
    }

    /** Measures on the second of two runs, since the first one also allocates and compiles. */
    MeasuredRates run() {
        once();
        return once();
    }

    private MeasuredRates once() {
        try (Sequence sequence = stage.open(promptRows + decodeSteps)) {
            double prefillSeconds = seconds(sequence, promptRows, 1);
            double decodeSeconds = seconds(sequence, 1, decodeSteps);
            return new MeasuredRates(promptRows / prefillSeconds, decodeSteps / decodeSeconds);
        }
    }

    private double seconds(Sequence sequence, int rows, int times) {
        StageInput input = input(rows);
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
            sequence.forward(input);
        }
        return Math.max(1, System.nanoTime() - start) / NANOS_PER_SECOND;
    }

    private StageInput input(int rows) {
        if (stage.first()) {
            return new StageInput.Tokens(
                    random.ints(rows, 0, stage.config().vocabularySize()).toArray());
        }
        int values = rows * stage.config().hiddenSize();
        ByteBuffer hidden = ByteBuffer.allocateDirect(values * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values; i++) {
            hidden.putFloat(i * Float.BYTES, (float) random.nextDouble(-1, 1));
        }
        return new StageInput.Activations(hidden, rows);
    }
}
