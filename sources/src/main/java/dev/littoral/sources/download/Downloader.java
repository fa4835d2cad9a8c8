package dev.littoral.sources.download;

import dev.littoral.checkpoint.FirstBytes;
import dev.littoral.sources.SourceException;
import dev.littoral.sources.SourceException.Reason;
import dev.littoral.sources.SourceSettings.Limits;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** Downloads files in parts, several at a time, goes on where it stopped, checks them, and lands each whole. */
public final class Downloader {

    /** Smaller progress does not make attempts count anew: a server that drips would hold us for ever. */
    private static final long PROGRESS_BYTES = 1 << 20;

    private static final int BUFFER_BYTES = 1 << 16;

    private final Limits limits;
    private final Retry retry;

    /** Makes one with these bounds. */
    public Downloader(Limits limits) {
        this.limits = limits;
        this.retry = new Retry(limits);
    }

    /**
     * A file and where it goes.
     *
     * @param target where it lands; beside it lies what is not complete
     */
    public record Item(RemoteFile remote, Path target) {

        Path partial() {
            return target.resolveSibling(target.getFileName() + ".partial");
        }
    }

    /** Counts the bytes that need not come any more. */
    public long presentBytes(List<Item> items) throws IOException {
        long present = 0;
        for (Item item : items) {
            present += Files.exists(item.target())
                    ? item.remote().bytes()
                    : Partial.keptBytes(item.partial(), item.remote(), partBytes(item.remote()));
        }
        return present;
    }

    /**
     * Brings every file that is not there.
     *
     * @throws SourceException when one cannot be had, or is not what was promised
     */
    public void download(List<Item> items, Meter meter) throws IOException {
        try (ExecutorService threads = Executors.newFixedThreadPool(
                limits.parallel(),
                Thread.ofPlatform().name("source-part-", 0).daemon().factory())) {
            for (Item item : items) {
                if (!Files.exists(item.target())) {
                    download(item, meter, threads);
                }
            }
        }
        meter.tell();
    }

    private void download(Item item, Meter meter, ExecutorService threads) throws IOException {
        Files.createDirectories(item.target().toAbsolutePath().getParent());
        long kept = Partial.keptBytes(item.partial(), item.remote(), partBytes(item.remote()));
        AtomicLong came = new AtomicLong();
        try {
            parts(
                    item,
                    threads,
                    bytes -> {
                        came.addAndGet(bytes);
                        meter.add(bytes);
                    },
                    meter);
        } catch (WithoutRanges e) {
            meter.add(-kept - came.get());
            parts(item, threads, meter::add, meter);
        }
        Files.move(item.partial(), item.target(), StandardCopyOption.ATOMIC_MOVE);
        forceParent(item.target());
    }

    /** A server gives the whole where a part was asked for: each part would bring all that is before it. */
    private static final class WithoutRanges extends RuntimeException {

        WithoutRanges(String name) {
            super(name + " comes without ranges");
        }
    }

    private void parts(Item item, ExecutorService threads, LongConsumer counter, Meter meter) throws IOException {
        RemoteFile remote = item.remote();
        try (Partial partial = Partial.open(item.partial(), remote, partBytes(remote))) {
            AtomicBoolean failed = new AtomicBoolean();
            List<Future<?>> parts = new ArrayList<>();
            for (int part = 0; part < partial.parts(); part++) {
                int index = part;
                if (!partial.has(index)) {
                    parts.add(threads.submit(() -> part(partial, index, remote, counter, failed)));
                }
            }
            await(parts);
            check(item, partial, meter);
            partial.complete();
        }
    }

    private long partBytes(RemoteFile remote) {
        return remote.ranges() ? limits.partBytes() : Math.max(1, remote.bytes());
    }

    private void part(Partial partial, int index, RemoteFile remote, LongConsumer counter, AtomicBoolean failed) {
        long begin = partial.begin(index);
        long end = partial.end(index);
        AtomicLong at = new AtomicLong(begin);
        AtomicLong counted = new AtomicLong(begin);
        try {
            retry.run(
                    () -> {
                        if (failed.get()) {
                            return true;
                        }
                        copy(partial, remote, at, end, counter, failed);
                        if (at.get() == end) {
                            partial.finish(index);
                        }
                        return true;
                    },
                    () -> at.get() - counted.get() >= PROGRESS_BYTES && counted.getAndSet(at.get()) >= 0);
        } catch (RuntimeException e) {
            failed.set(true);
            throw e;
        }
    }

    private static void copy(
            Partial partial, RemoteFile remote, AtomicLong at, long end, LongConsumer counter, AtomicBoolean failed)
            throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream body = remote.open(at.get(), end)) {
            if (!remote.ranges() && partial.parts() > 1) {
                throw new WithoutRanges(remote.name());
            }
            while (at.get() < end) {
                if (failed.get()) {
                    return;
                }
                int read = body.read(buffer, 0, (int) Math.min(buffer.length, end - at.get()));
                if (read < 0) {
                    throw new IOException(remote.name() + " ends at byte " + at.get() + ", before byte " + end);
                }
                partial.write(ByteBuffer.wrap(buffer, 0, read), at.get());
                at.addAndGet(read);
                counter.accept(read);
            }
        }
    }

    private static void await(List<Future<?>> parts) throws IOException {
        RuntimeException first = null;
        for (Future<?> part : parts) {
            try {
                part.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof WithoutRanges whole) {
                    first = whole;
                } else if (e.getCause() instanceof SourceException source) {
                    first = first == null ? source : first;
                } else {
                    throw new IOException("a part failed: " + e.getCause(), e.getCause());
                }
            } catch (InterruptedException e) {
                parts.forEach(other -> other.cancel(true));
                Thread.currentThread().interrupt();
                throw new SourceException(Reason.SourceUnreachable, "the download was interrupted", e);
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private static void check(Item item, Partial partial, Meter meter) throws IOException {
        RemoteFile remote = item.remote();
        if (remote.digest().isEmpty()) {
            return;
        }
        Digest wanted = remote.digest().get();
        String found = digest(item.partial(), wanted.kind());
        if (!found.equals(wanted.hex())) {
            partial.discard();
            meter.add(-remote.bytes());
            throw new SourceException(
                    Reason.SourceCorrupt,
                    "%s should be %s but came as %s; it is thrown away and comes again with the next attempt"
                            .formatted(remote.name(), wanted, found));
        }
    }

    /** Adds up a file, as hexadecimal digits. */
    public static String digest(Path file, Digest.Kind kind) throws IOException {
        MessageDigest digest = kind.begin(Files.size(file));
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
        try (FileChannel channel = FileChannel.open(file)) {
            while (channel.read(buffer.clear()) >= 0) {
                digest.update(buffer.flip());
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Makes the name of a file survive a loss of power; else as {@link #force}. */
    public static void forceParent(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            force(folder);
        }
    }

    /** Makes names in a folder survive a loss of power, where the system lets us. */
    public static void force(Path folder) {
        try (FileChannel channel = FileChannel.open(folder)) {
            channel.force(true);
        } catch (IOException e) {
            // some file systems let nobody open a folder; the names are then as safe as they make them
        }
    }

    /** Takes bytes as they come. */
    @FunctionalInterface
    public interface Use<T> {

        /** Reads to the end of the piece; is called anew where the server fails. */
        T of(InputStream piece) throws IOException;
    }

    /** Reads a piece of a file as it comes, again from its beginning when it ends early. */
    public <T> T reading(RemoteFile remote, long from, long count, Use<T> use) {
        return retry.run(() -> {
            try (var piece = new Piece(remote, from, count)) {
                return use.of(piece);
            }
        });
    }

    /** Bytes of a file that do not end before all of them came. */
    private static final class Piece extends FilterInputStream {

        private final RemoteFile remote;

        Piece(RemoteFile remote, long from, long count) throws IOException {
            super(new FirstBytes(count == 0 ? InputStream.nullInputStream() : remote.open(from, from + count), count));
            this.remote = remote;
        }

        @Override
        public int read() throws IOException {
            return whole(super.read());
        }

        @Override
        public int read(byte[] target, int at, int count) throws IOException {
            return whole(super.read(target, at, count));
        }

        private int whole(int read) throws IOException {
            if (read < 0 && ((FirstBytes) in).left() > 0) {
                throw new IOException(remote.name() + " ends " + ((FirstBytes) in).left() + " bytes early");
            }
            return read;
        }
    }

    /** Reads the first bytes of a file. */
    public byte[] bytes(RemoteFile remote, long from, int count) {
        return reading(remote, from, count, InputStream::readAllBytes);
    }

    /** Tries again what asks the server something. */
    public <T> T asking(Retry.Attempt<T> attempt) {
        return retry.run(attempt);
    }
}
