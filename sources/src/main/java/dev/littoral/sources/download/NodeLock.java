package dev.littoral.sources.download;

import dev.littoral.sources.SourceException;
import dev.littoral.sources.SourceException.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Held by the one process of a node that brings a checkpoint; the system gives it back when that process dies. */
public final class NodeLock implements AutoCloseable {

    private static final long POLL_MILLIS = 200;

    private final FileChannel channel;

    private NodeLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Waits until nobody else holds it.
     *
     * @param waiting is told once when somebody else does
     */
    public static NodeLock take(Path file, Runnable waiting) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        boolean told = false;
        while (true) {
            Optional<NodeLock> lock = attempt(file);
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
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return Optional.of(new NodeLock(channel));
            }
        } catch (OverlappingFileLockException e) {
            // held by another thread of this process
        }
        channel.close();
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
