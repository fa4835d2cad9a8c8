package dev.littoral.engine.text;

import java.util.Arrays;

/** Finds words that come twice, by eight bytes for each: of a million, two alike by chance are one in 30 million files. */
final class SeenWords {

    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    private long[] hashes = new long[1024];
    private int count;

    /** Adds a word and counts all so far. */
    int add(String word) {
        if (count == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * count);
        }
        long hash = word.length();
        for (int i = 0; i < word.length(); i++) {
            hash = (hash ^ word.charAt(i)) * FACTOR;
            hash ^= hash >>> 29;
        }
        hashes[count++] = hash;
        return count;
    }

    /** Says whether a word came twice; to be asked last. */
    boolean twice() {
        Arrays.sort(hashes, 0, count);
        for (int i = 1; i < count; i++) {
            if (hashes[i] == hashes[i - 1]) {
                return true;
            }
        }
        return false;
    }
}
