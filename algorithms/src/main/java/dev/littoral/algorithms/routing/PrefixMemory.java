package dev.littoral.algorithms.routing;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Remembers which prompts an agent read last, as many as it has slots to keep them in: what a new prompt shares with one of
 * them need not be read again. Bounded by {@code slots} times 2 KB. Ours.
 */
public final class PrefixMemory {

    private final Deque<PromptPrefix> prompts = new ArrayDeque<>();
    private final Map<Long, Integer> holders = new HashMap<>();

    /** Remembers a prompt and forgets the oldest beyond {@code slots}; one that it goes on from is replaced by it. */
    public synchronized void remember(PromptPrefix prompt, int slots) {
        if (prompt.blocks() == 0) {
            return;
        }
        Iterator<PromptPrefix> each = prompts.iterator();
        while (each.hasNext()) {
            PromptPrefix old = each.next();
            if (old.begins(prompt)) {
                each.remove();
                count(old, -1);
                break;
            }
        }
        prompts.addLast(prompt);
        count(prompt, 1);
        while (prompts.size() > Math.max(1, slots)) {
            count(prompts.removeFirst(), -1);
        }
    }

    /** Counts the characters at a prompt's beginning that are held. */
    public synchronized int charactersHeld(PromptPrefix prompt) {
        int blocks = 0;
        while (blocks < prompt.blocks() && holders.containsKey(prompt.digest(blocks))) {
            blocks++;
        }
        return blocks * PromptPrefix.BLOCK_CHARACTERS;
    }

    /** Forgets everything, as an agent does that starts anew. */
    public synchronized void clear() {
        prompts.clear();
        holders.clear();
    }

    private void count(PromptPrefix prompt, int change) {
        for (int block = 0; block < prompt.blocks(); block++) {
            long digest = prompt.digest(block);
            int after = holders.getOrDefault(digest, 0) + change;
            if (after > 0) {
                holders.put(digest, after);
            } else {
                holders.remove(digest);
            }
        }
    }
}
