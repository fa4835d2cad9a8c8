package dev.littoral.bench.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** How fast memory is copied: bytes read and bytes written together, as the STREAM benchmark counts. */
final class CopyBandwidth {

    private static final long BYTES = 256L << 20;
    private static final int ROUNDS = 7;

    private CopyBandwidth() {}

    /** Measures with so many threads; the best of some rounds, since it is to be a bound. */
    static double bytesPerSecond(int threads) throws InterruptedException {
        double best = 0;
        try (Arena arena = Arena.ofShared()) {
            MemorySegment from = arena.allocate(BYTES, 1 << 21).fill((byte) 1);
            MemorySegment to = arena.allocate(BYTES, 1 << 21).fill((byte) 2);
            for (int round = 0; round < ROUNDS; round++) {
                long begin = System.nanoTime();
                List<Thread> copying = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    long at = BYTES / threads * i;
                    copying.add(Thread.ofPlatform().start(() -> MemorySegment.copy(from, at, to, at, BYTES / threads)));
                }
                for (Thread each : copying) {
                    each.join();
                }
                best = Math.max(best, 2 * BYTES / ((System.nanoTime() - begin) / 1e9));
            }
        }
        return best;
    }
}
