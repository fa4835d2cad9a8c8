package dev.littoral.engine.onnx;

import dev.littoral.engine.StageInput;
import java.util.Arrays;

/**
 * One row of the cache: which positions it holds, and of which tokens. It keeps them after its sequence ended, for the
 * next one that begins alike.
 */
final class Slot {

    private final int index;
    private final int contextTokens;
    private int[] tokens = {};
    private int[] prompt = {};
    private int known;
    private int length;

    Slot(int index, int contextTokens) {
        this.index = index;
        this.contextTokens = contextTokens;
    }

    int index() {
        return index;
    }

    synchronized int length() {
        return length;
    }

    /** Says whether there is a position behind the rows that are held. */
    synchronized boolean hasRoom() {
        return length < contextTokens;
    }

    /** Begins a sequence with the first rows held here. */
    synchronized void begin(int reused, int[] nextPrompt) {
        rollBack(reused);
        prompt = nextPrompt;
    }

    /** Says whether all rows of the prompt that the sequence was opened with are held, and at least one. */
    synchronized boolean pastPrompt() {
        return length > 0 && length >= prompt.length;
    }

    /** Takes over what another slot knows of its first rows, whose keys and values were copied. */
    void copied(Slot source, int rows) {
        int[] same = source.first(rows);
        synchronized (this) {
            tokens = same;
            known = rows;
            length = rows;
        }
    }

    private synchronized int[] first(int rows) {
        return Arrays.copyOf(tokens, rows);
    }

    synchronized void rollBack(int rows) {
        length = rows;
        known = Math.min(known, rows);
    }

    /** Notes rows that the cache now holds behind those before. */
    synchronized void append(StageInput input, int from, int rows) {
        if (known == length) {
            int room = known + rows;
            if (tokens.length < room) {
                tokens = Arrays.copyOf(tokens, Math.min(contextTokens, Math.max(room, 2 * tokens.length)));
            }
            known += switch (input) {
                case StageInput.Tokens(int[] ids) -> copy(ids, from, rows);
                case StageInput.Activations _ -> copy(prompt, length, Math.clamp(prompt.length - length, 0, rows));
            };
        }
        length += rows;
    }

    private int copy(int[] source, int from, int count) {
        System.arraycopy(source, from, tokens, known, count);
        return count;
    }

    synchronized int known() {
        return known;
    }

    /** Counts the first tokens of a prompt whose rows are held here. */
    synchronized int commonWith(int[] other) {
        int mismatch = Arrays.mismatch(tokens, 0, known, other, 0, other.length);
        return mismatch < 0 ? known : mismatch;
    }
}
