package dev.littoral.sources.download;

import dev.littoral.sources.SourceException;
import dev.littoral.sources.SourceException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Refuses what the disk has no room for before the first byte comes. */
public final class DiskSpace {

    /** Stays free for logs and for whoever else uses the disk. */
    static final long RESERVE_BYTES = 64L << 20;

    private DiskSpace() {}

    /**
     * Checks that {@code totalBytes} fit, of which {@code presentBytes} are there.
     *
     * @throws SourceException of {@link Reason#NoDiskSpace} with the sum
     */
    public static void require(Path folder, String what, long totalBytes, long presentBytes) throws IOException {
        require(folder, what, totalBytes, presentBytes, freeBytes(folder));
    }

    static void require(Path folder, String what, long totalBytes, long presentBytes, long freeBytes) {
        long wanted = totalBytes - presentBytes;
        if (wanted > freeBytes - RESERVE_BYTES) {
            throw new SourceException(
                    Reason.NoDiskSpace,
                    ("%s has %,d bytes, of which %,d are here: %,d are needed in %s and %,d more stay free, but only %,d are"
                                    + " free, so %,d are missing; free them or use a larger disk")
                            .formatted(
                                    what,
                                    totalBytes,
                                    presentBytes,
                                    wanted,
                                    folder,
                                    RESERVE_BYTES,
                                    freeBytes,
                                    wanted + RESERVE_BYTES - freeBytes));
        }
    }

    /** Says how many bytes a process may still write there. */
    public static long freeBytes(Path folder) throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }
}
