package dev.littoral.sources.download;

import dev.littoral.sources.SourceException;
import dev.littoral.sources.SourceException.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Held by the one process of a node that brings a checkpoint; the system gives it back when that process dies. */
public final class NodeLock implements AutoCloseable {

    private static final long POLL_MILLIS = 200;

    /**
     * Files that this process holds or is trying. A system's lock belongs to the whole process and is gone as soon as any
     * channel of the file is closed, so nobody may open what another thread holds.
     */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private NodeLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Waits until nobody else holds it.
     *
     * @param waiting is told once when somebody else does
     */
    public static NodeLock take(Path file, Runnable waiting) throws IOException {
        Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
        Path real = folder.toRealPath().resolve(file.getFileName());
        boolean told = false;
        while (true) {
            Optional<NodeLock> lock = attempt(real);
            if (lock.isPresent()) {
                return lock.get();
            }
            if (!told) {
                waiting.run();
                told = true;
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SourceException(Reason.SourceUnreachable, "interrupted while another process downloads", e);
            }
        }
    }

    private static Optional<NodeLock> attempt(Path file) throws IOException {
        if (!OURS.add(file)) {
            return Optional.empty();
        }
        Optional<NodeLock> lock = Optional.empty();
        try {
            lock = locked(file);
            return lock;
        } finally {
            if (lock.isEmpty()) {
                OURS.remove(file);
            }
        }
    }

    private static Optional<NodeLock> locked(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean ours = false;
        try {
            ours = channel.tryLock() != null;
            return ours ? Optional.of(new NodeLock(file, channel)) : Optional.empty();
        } finally {
            if (!ours) {
                channel.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            OURS.remove(file);
        }
    }
}
