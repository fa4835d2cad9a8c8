package dev.littoral.engine.onnx;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder in the cache for a stage that is being written; closing it deletes what was not moved away.
 *
 * <p>Whoever writes holds a shared lock on a file in the cache. The first writer of a process first tries to have that
 * lock alone: then nobody writes, and every draft that lies there was left by a process that was killed.
 */
final class Draft implements AutoCloseable {

    private static final String PREFIX = ".draft-";
    private static final String LOCK = ".lock";
    private static final Map<Path, Writers> WRITERS = new HashMap<>();

    /** The writers of this process in one cache, which share a lock; without one where the disk knows no locks. */
    private record Writers(int count, @Nullable FileChannel lock) {}

    private final Path cache;
    private final Path folder;

    private Draft(Path cache, Path folder) {
        this.cache = cache;
        this.folder = folder;
    }

    static Draft begin(Path cache) throws IOException {
        Files.createDirectories(cache);
        Path real = cache.toRealPath();
        synchronized (WRITERS) {
            Writers before = WRITERS.get(real);
            WRITERS.put(real, before == null ? first(real) : new Writers(before.count() + 1, before.lock()));
        }
        Draft draft = new Draft(real, real.resolve(PREFIX + UUID.randomUUID()));
        try {
            Files.createDirectory(draft.folder);
        } catch (IOException e) {
            draft.release();
            throw e;
        }
        return draft;
    }

    private static Writers first(Path cache) throws IOException {
        FileChannel channel = FileChannel.open(
                cache.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            try (FileLock alone = channel.tryLock()) {
                if (alone != null) {
                    deleteLeftovers(cache);
                }
            }
            channel.lock(0, Long.MAX_VALUE, true);
            return new Writers(1, channel);
        } catch (IOException e) {
            channel.close();
            return new Writers(1, null);
        }
    }

    private static void deleteLeftovers(Path cache) throws IOException {
        try (Stream<Path> entries = Files.list(cache)) {
            for (Path entry : entries.toList()) {
                if (entry.getFileName().toString().startsWith(PREFIX)) {
                    delete(entry);
                }
            }
        }
    }

    /** Deletes a folder of files, if it is there. */
    static void delete(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(folder);
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() throws IOException {
        try {
            delete(folder);
        } finally {
            release();
        }
    }

    private void release() throws IOException {
        synchronized (WRITERS) {
            Writers before = WRITERS.get(cache);
            if (before != null && before.count() > 1) {
                WRITERS.put(cache, new Writers(before.count() - 1, before.lock()));
                return;
            }
            WRITERS.remove(cache);
            if (before != null && before.lock() != null) {
                before.lock().close();
            }
        }
    }
}
