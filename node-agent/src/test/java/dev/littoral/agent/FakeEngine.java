package dev.littoral.agent;

import dev.littoral.agent.stage.Language;
import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.checkpoint.StageFootprint;
import dev.littoral.engine.ContextExceededException;
import dev.littoral.engine.Engine;
import dev.littoral.engine.NoFreeSlotException;
import dev.littoral.engine.ProgressListener;
import dev.littoral.engine.Sequence;
import dev.littoral.engine.SequenceClosedException;
import dev.littoral.engine.Stage;
import dev.littoral.engine.StageActivity;
import dev.littoral.engine.StageInput;
import dev.littoral.engine.StageOutput;
import dev.littoral.engine.StageSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs a model of which each layer only stirs numbers, so that the next token depends on all tokens before and on
 * every layer, and on nothing else: however the layers are split, the answer is the same.
 */
final class FakeEngine implements Engine {

    static final int LAYERS = 6;
    static final int HIDDEN = 4;
    static final int VOCABULARY = 256;

    private final AtomicInteger forwards = new AtomicInteger();
    private volatile Runnable beforeForward = () -> {};

    /** Runs {@code hook} at the start of every step, to hold or slow it. */
    void beforeForward(Runnable hook) {
        beforeForward = hook;
    }

    int forwards() {
        return forwards.get();
    }

    /** Makes a language of which every character is its own token, and none ends an answer. */
    static Language language() {
        return new Language(
                new FakeTokenizer(), Optional.of(turns -> turns.getLast().content()));
    }

    @Override
    public StageFootprint footprint(StageSpec spec) {
        return new StageFootprint(100, 8L * spec.contextTokens() * spec.slots(), 0, 0, 0);
    }

    @Override
    public Stage load(StageSpec spec, ProgressListener progress) {
        progress.progress(0, 100, "reading");
        progress.progress(100, 100, "reading");
        return new FakeStage(spec);
    }

    private final class FakeStage implements Stage {

        private final StageSpec spec;
        private final AtomicInteger free;

        FakeStage(StageSpec spec) {
            this.spec = spec;
            this.free = new AtomicInteger(spec.slots());
        }

        @Override
        public StageSpec spec() {
            return spec;
        }

        @Override
        public ModelConfig config() {
            return new ModelConfig(
                    "Fake", LAYERS, HIDDEN, 1, 1, 16, 16, VOCABULARY, spec.contextTokens(), 1e-5, 1e4, true);
        }

        @Override
        public boolean first() {
            return spec.firstLayer() == 0;
        }

        @Override
        public boolean last() {
            return spec.endLayer() == LAYERS;
        }

        @Override
        public long weightBytes() {
            return 100;
        }

        @Override
        public long kvBytesPerToken() {
            return 8;
        }

        @Override
        public int slots() {
            return spec.slots();
        }

        @Override
        public int freeSlots() {
            return free.get();
        }

        @Override
        public StageActivity activity() {
            return new StageActivity(forwards.get(), 0, 0, 0, 0, 0);
        }

        @Override
        public Sequence open(int maxTokens, int[] prompt) {
            if (maxTokens > spec.contextTokens()) {
                throw new ContextExceededException(maxTokens, spec.contextTokens());
            }
            if (free.getAndUpdate(slots -> Math.max(0, slots - 1)) == 0) {
                throw new NoFreeSlotException(spec.slots());
            }
            return new FakeSequence(this, maxTokens);
        }

        @Override
        public void close() {}
    }

    private final class FakeSequence implements Sequence {

        private final FakeStage stage;
        private final int maxTokens;
        private final long[] states = new long[LAYERS];
        private final AtomicBoolean closed = new AtomicBoolean();
        private int length;

        FakeSequence(FakeStage stage, int maxTokens) {
            this.stage = stage;
            this.maxTokens = maxTokens;
        }

        @Override
        public int length() {
            return length;
        }

        @Override
        public void rollBack(int to) {
            if (to != length) {
                throw new UnsupportedOperationException("a fake forgets nothing");
            }
        }

        @Override
        public StageOutput forward(StageInput input, int logitRows) {
            forwards.incrementAndGet();
            beforeForward.run();
            if (closed.get()) {
                throw new SequenceClosedException();
            }
            if (length + input.rows() > maxTokens) {
                throw new ContextExceededException(length + input.rows(), maxTokens);
            }
            ByteBuffer rows = switch (input) {
                case StageInput.Tokens tokens -> embed(tokens.ids());
                case StageInput.Activations hidden -> hidden.f32le().duplicate().order(ByteOrder.LITTLE_ENDIAN);
            };
            ByteBuffer out = ByteBuffer.allocate(rows.remaining()).order(ByteOrder.LITTLE_ENDIAN);
            for (int row = 0; row < input.rows(); row++) {
                stir(rows, out);
            }
            length += input.rows();
            out.flip();
            return stage.last() ? logits(out) : new StageOutput.Activations(out, input.rows());
        }

        private ByteBuffer embed(int[] ids) {
            ByteBuffer rows =
                    ByteBuffer.allocate(ids.length * HIDDEN * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int id : ids) {
                rows.putFloat(id).putFloat(1).putFloat(2).putFloat(3);
            }
            return rows.flip();
        }

        /** Keeps to whole numbers below 4093, which float32 holds exactly. */
        private void stir(ByteBuffer in, ByteBuffer out) {
            long value = (long) in.getFloat();
            for (int layer = stage.spec.firstLayer(); layer < stage.spec.endLayer(); layer++) {
                states[layer] = Math.floorMod(states[layer] * 31 + value * 7 + layer, 4093L);
                value = states[layer];
            }
            out.putFloat((float) value);
            for (int i = 1; i < HIDDEN; i++) {
                out.putFloat(in.getFloat());
            }
        }

        private StageOutput logits(ByteBuffer out) {
            long value = (long) out.getFloat(out.limit() - HIDDEN * Float.BYTES);
            FloatBuffer logits = FloatBuffer.allocate(VOCABULARY);
            logits.put('a' + (int) Math.floorMod(value, 26L), 5f);
            return new StageOutput.Logits(logits, 1);
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                stage.free.incrementAndGet();
            }
        }
    }
}
