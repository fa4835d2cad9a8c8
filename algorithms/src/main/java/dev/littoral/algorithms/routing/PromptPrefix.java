package dev.littoral.algorithms.routing;

import java.util.Arrays;

/**
 * Knows the beginning of a prompt again by digests of its first 1, 2, 3 ... blocks of {@value #BLOCK_CHARACTERS} characters.
 *
 * <p>The text itself cannot be read from them. At most {@value #MOST_BLOCKS} blocks are looked at, so that it takes at most
 * 2 KB. Ours; engines that keep prefixes by block do likewise.
 */
public final class PromptPrefix {

    /** Characters of a block. */
    public static final int BLOCK_CHARACTERS = 128;

    /** Most blocks that are looked at. */
    public static final int MOST_BLOCKS = 256;

    /** Of a prompt that is like no other. */
    public static final PromptPrefix NONE = new PromptPrefix(new long[0], 0);

    private final long[] digests;
    private final long characters;

    private PromptPrefix(long[] digests, long characters) {
        this.digests = digests;
        this.characters = characters;
    }

    /** Counts all characters of the prompt, those that are not looked at included. */
    public long characters() {
        return characters;
    }

    /** Counts its whole blocks. */
    public int blocks() {
        return digests.length;
    }

    /** Gives the digest of all characters up to the end of a block, from 0. */
    long digest(int block) {
        return digests[block];
    }

    /** Says whether this is the beginning of another one, or the same. */
    boolean begins(PromptPrefix other) {
        int last = digests.length - 1;
        return last < 0 || (last < other.digests.length && digests[last] == other.digests[last]);
    }

    /** Reads a prompt part by part. */
    public static final class Reader {

        private static final long FIRST = 0xcbf29ce484222325L;
        private static final long FACTOR = 0x100000001b3L;

        private final long[] found = new long[MOST_BLOCKS];
        private long digest = FIRST;
        private long all;
        private int characters;
        private int blocks;

        /** Reads the next part; where one part ends is a part of the digest. */
        public Reader read(CharSequence part) {
            all += part.length();
            for (int i = 0; i < part.length() && blocks < MOST_BLOCKS; i++) {
                take(part.charAt(i));
            }
            if (blocks < MOST_BLOCKS) {
                take('\uffff');
            }
            return this;
        }

        private void take(char character) {
            digest = (digest ^ character) * FACTOR;
            characters++;
            if (characters == BLOCK_CHARACTERS) {
                characters = 0;
                // the low bits of the product alone would be a poor key
                found[blocks++] = digest ^ (digest >>> 32);
            }
        }

        /** Gives what was read. */
        public PromptPrefix prefix() {
            return blocks == 0 ? NONE : new PromptPrefix(Arrays.copyOf(found, blocks), all);
        }
    }
}
