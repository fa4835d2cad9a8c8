package dev.littoral.sources.archive;

import dev.littoral.checkpoint.FirstBytes;
import dev.littoral.sources.SourceException;
import dev.littoral.sources.SourceException.Reason;
import dev.littoral.sources.download.DiskSpace;
import dev.littoral.sources.download.Outline;
import dev.littoral.sources.download.Selection;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes files of an archive into a folder, as many bytes as its bounds allow.
 *
 * @param name of the archive in messages
 */
public record Unpacking(String name, Path folder) {

    /** Weights hardly shrink; an archive that grows a hundredfold is made to fill a disk. */
    private static final long MOST_GROWTH = 100;

    private static final long CHECKED_EVERY_BYTES = 64L << 20;
    private static final int BUFFER_BYTES = 1 << 16;

    /**
     * Writes files whole.
     *
     * @param archiveBytes how long the archive is
     */
    public Archive.Sink whole(long archiveBytes) {
        long most = Math.max(1L << 20, archiveBytes) * MOST_GROWTH;
        long[] written = {0, 0};
        return (file, claimed, content) -> {
            byte[] buffer = new byte[BUFFER_BYTES];
            long fileBytes = 0;
            try (FileChannel channel = FileChannel.open(
                            folder.resolve(file), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    OutputStream out = java.nio.channels.Channels.newOutputStream(channel)) {
                for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                    fileBytes += read;
                    written[0] += read;
                    require(file, fileBytes, written, most);
                    out.write(buffer, 0, read);
                }
                channel.force(true);
            }
        };
    }

    private void require(String file, long fileBytes, long[] written, long most) throws IOException {
        if (!Selection.weights(file) && fileBytes > Selection.MOST_SMALL_BYTES) {
            throw new SourceException(
                    Reason.SourceUnsafe,
                    "%s: %s is larger than %,d bytes; no checkpoint needs that"
                            .formatted(name, file, Selection.MOST_SMALL_BYTES));
        }
        if (written[0] > most) {
            throw new SourceException(
                    Reason.SourceUnsafe,
                    "%s unpacks to more than %,d bytes, %d times its own; pack it anew"
                            .formatted(name, most, MOST_GROWTH));
        }
        if (written[0] - written[1] >= CHECKED_EVERY_BYTES) {
            written[1] = written[0];
            DiskSpace.require(folder, "the next part of " + name, CHECKED_EVERY_BYTES, 0);
        }
    }

    /** Writes small files whole and weights as holes. */
    public Archive.Sink outline() {
        return (file, claimed, content) -> {
            Path target = folder.resolve(file);
            if (!Selection.weights(file)) {
                try (OutputStream out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW)) {
                    require(
                            file,
                            new FirstBytes(content, Selection.MOST_SMALL_BYTES + 1).transferTo(out),
                            new long[] {0, 0},
                            Long.MAX_VALUE);
                }
                return;
            }
            if (claimed < 0) {
                throw new SourceException(
                        Reason.SourceCorrupt, name + ": " + file + " does not say how long it is; pack it anew");
            }
            byte[] length = exactly(content, 8, file);
            long header = Outline.headerBytes(length, file, claimed);
            if (Outline.write(target, length, new FirstBytes(content, header), claimed) < header) {
                throw cutOff(file);
            }
        };
    }

    private byte[] exactly(InputStream content, int count, String file) throws IOException {
        byte[] bytes = content.readNBytes(count);
        if (bytes.length < count) {
            throw cutOff(file);
        }
        return bytes;
    }

    private SourceException cutOff(String file) {
        return new SourceException(Reason.SourceCorrupt, name + ": " + file + " is cut off; pack it anew");
    }
}
