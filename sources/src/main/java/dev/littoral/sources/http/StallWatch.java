package dev.littoral.sources.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Closes bodies that give nothing, or next to nothing, while somebody waits for them. */
final class StallWatch implements AutoCloseable {

    /** Less than this in one stall time is no transfer but a drip that holds a slot. */
    private static final long LEAST_BYTES = 4096;

    private final Duration stall;
    private final Set<Guarded> open = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer;

    StallWatch(Duration stall) {
        this.stall = stall;
        timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("source-stalls").daemon().factory());
        long period = Math.max(1, stall.toMillis() / 4);
        var _ = timer.scheduleWithFixedDelay(() -> open.forEach(Guarded::check), period, period, TimeUnit.MILLISECONDS);
    }

    InputStream guard(InputStream body) {
        Guarded guarded = new Guarded(body);
        open.add(guarded);
        return guarded;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    /** Counts only the time in which a reader waits: a slow disk is not the server's fault. */
    private final class Guarded extends FilterInputStream {

        private long waitedNanos;
        private long bytes;
        private long readSince;
        private boolean reading;
        private boolean stalled;

        Guarded(InputStream body) {
            super(body);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int from, int count) throws IOException {
            begin();
            int read = 0;
            try {
                read = in.read(target, from, count);
                return read;
            } catch (IOException e) {
                throw told(e);
            } finally {
                end(read);
            }
        }

        private synchronized void begin() {
            reading = true;
            readSince = System.nanoTime();
        }

        private synchronized void end(int read) {
            reading = false;
            waitedNanos += System.nanoTime() - readSince;
            bytes += Math.max(0, read);
            if (bytes >= LEAST_BYTES) {
                bytes = 0;
                waitedNanos = 0;
            }
        }

        private synchronized IOException told(IOException e) {
            return stalled ? new IOException("less than 4 kB came in " + stall.toMillis() + " ms") : e;
        }

        private void check() {
            synchronized (this) {
                if (!reading || waitedNanos + System.nanoTime() - readSince < stall.toNanos()) {
                    return;
                }
                stalled = true;
            }
            try {
                close();
            } catch (IOException e) {
                // its reader is told that it stalled
            }
        }

        @Override
        public void close() throws IOException {
            open.remove(this);
            super.close();
        }
    }
}
