package dev.littoral.cli.model;

import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.engine.Engine;
import dev.littoral.engine.ProgressListener;
import dev.littoral.engine.Sequence;
import dev.littoral.engine.Stage;
import dev.littoral.engine.StageInput;
import dev.littoral.engine.StageOutput;
import dev.littoral.engine.StageSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A whole model in one process, cut into stages that run one after the other. */
final class Pipeline implements AutoCloseable {

    private final List<Stage> stages;

    private Pipeline(List<Stage> stages) {
        this.stages = stages;
    }

    /**
     * Loads all layers of a checkpoint.
     *
     * @param cuts layers at which a new stage begins, ascending, none for a single stage
     * @param contextTokens most tokens of a sequence
     * @throws IllegalArgumentException when a cut is none
     */
    static Pipeline load(Engine engine, Path checkpoint, WeightOptions weights, List<Integer> cuts, int contextTokens) {
        int layers = config(checkpoint).layers();
        List<Integer> borders = borders(cuts, layers);
        List<Stage> stages = new ArrayList<>();
        try {
            for (int i = 0; i + 1 < borders.size(); i++) {
                int first = borders.get(i);
                int end = borders.get(i + 1);
                stages.add(engine.load(
                        new StageSpec(
                                checkpoint,
                                first,
                                end,
                                weights.quantization(first, end, layers),
                                weights.rounding(),
                                weights.kvBits,
                                contextTokens,
                                1,
                                weights.machine.threads(),
                                weights.machine.cache()),
                        ProgressListener.NONE));
            }
            return new Pipeline(stages);
        } catch (RuntimeException e) {
            stages.forEach(Stage::close);
            throw e;
        }
    }

    /** Reads what the checkpoint says of itself. */
    static ModelConfig config(Path checkpoint) {
        try (Checkpoint opened = Checkpoint.open(checkpoint)) {
            return opened.config();
        }
    }

    /** Begins a sequence; one at a time. */
    Run run(int maxTokens) {
        List<Sequence> sequences = new ArrayList<>();
        try {
            stages.forEach(stage -> sequences.add(stage.open(maxTokens)));
            return new Run(sequences);
        } catch (RuntimeException e) {
            sequences.forEach(Sequence::close);
            throw e;
        }
    }

    @Override
    public void close() {
        stages.forEach(Stage::close);
    }

    private static List<Integer> borders(List<Integer> cuts, int layers) {
        List<Integer> borders = new ArrayList<>(List.of(0));
        for (int cut : cuts) {
            if (cut <= borders.getLast() || cut >= layers) {
                throw new IllegalArgumentException(
                        "--split %s: cuts must ascend and lie between 1 and %d, for the model has %d layers"
                                .formatted(cuts, layers - 1, layers));
            }
            borders.add(cut);
        }
        borders.add(layers);
        return borders;
    }

    /** One sequence through all stages. */
    static final class Run implements AutoCloseable {

        private final List<Sequence> sequences;

        private Run(List<Sequence> sequences) {
            this.sequences = sequences;
        }

        /** Appends tokens and gives the logits of the last one, valid until the next call. */
        FloatBuffer forward(int... tokens) {
            StageInput input = new StageInput.Tokens(tokens);
            for (Sequence sequence : sequences) {
                switch (sequence.forward(input)) {
                    case StageOutput.Logits logits -> {
                        return logits.lastRow();
                    }
                    case StageOutput.Activations(ByteBuffer f32le, int rows) ->
                        input = new StageInput.Activations(copy(f32le), rows);
                }
            }
            throw new IllegalStateException("the last stage gave no logits");
        }

        @Override
        public void close() {
            sequences.forEach(Sequence::close);
        }

        private static ByteBuffer copy(ByteBuffer activations) {
            return ByteBuffer.allocateDirect(activations.remaining())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(activations.duplicate())
                    .flip();
        }
    }
}
