package dev.littoral.agent.serve;

import dev.littoral.engine.Sequence;
import dev.littoral.engine.Stage;
import dev.littoral.engine.StageInput;
import dev.littoral.engine.StageOutput;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Opens the sequences of this agent and knows those that are open. */
public final class OpenSequences {

    private final Set<Counted> open = ConcurrentHashMap.newKeySet();

    /** Counts the sequences that hold a slot. */
    public int running() {
        return open.size();
    }

    /** Counts the tokens that all of them hold in this stage's cache. */
    public long cachedTokens() {
        return open.stream().mapToLong(sequence -> sequence.cached).sum();
    }

    /** Takes a slot, preferably one that holds how the prompt begins; closing the sequence gives it back. */
    Sequence open(Stage stage, int maxTokens, int[] prompt) {
        var sequence = new Counted(stage.open(maxTokens, prompt));
        open.add(sequence);
        return sequence;
    }

    /** Takes every slot back. */
    public void closeAll() {
        open.forEach(Counted::close);
    }

    private final class Counted implements Sequence {

        private final Sequence inner;
        private final AtomicBoolean closed = new AtomicBoolean();
        private volatile int cached;

        Counted(Sequence inner) {
            this.inner = inner;
            this.cached = inner.length();
        }

        @Override
        public int length() {
            return inner.length();
        }

        @Override
        public StageOutput forward(StageInput input, int logitRows) {
            StageOutput output = inner.forward(input, logitRows);
            cached = inner.length();
            return output;
        }

        @Override
        public void rollBack(int length) {
            inner.rollBack(length);
            cached = inner.length();
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                inner.close();
                open.remove(this);
            }
        }
    }
}
