package dev.littoral.sources.download;

import dev.littoral.sources.SourceException;
import dev.littoral.sources.SourceException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes a checkpoint whose weights are holes: small files whole, of a safetensors file its header and its length. What a
 * checkpoint says of itself can be read from it, and it takes no room on a disk that knows holes.
 */
public final class Outline {

    private static final int LENGTH_BYTES = 8;
    private static final long MAX_HEADER_BYTES = 100_000_000;

    private Outline() {}

    /** Writes all files of a selection into an empty folder. */
    public static void write(Selection selection, Path folder, Downloader downloader) throws IOException {
        for (RemoteFile file : selection.files()) {
            Path target = folder.resolve(file.name());
            if (Selection.weights(file.name())) {
                holes(file, target, downloader);
            } else {
                downloader.reading(
                        file, 0, file.bytes(), bytes -> Files.copy(bytes, target, StandardCopyOption.REPLACE_EXISTING));
            }
        }
    }

    private static void holes(RemoteFile file, Path target, Downloader downloader) throws IOException {
        if (file.bytes() < LENGTH_BYTES) {
            Files.write(target, downloader.bytes(file, 0, (int) file.bytes()));
            return;
        }
        byte[] length = downloader.bytes(file, 0, LENGTH_BYTES);
        long header = headerBytes(length, file.name(), file.bytes());
        downloader.reading(file, LENGTH_BYTES, header, json -> write(target, length, json, file.bytes()));
    }

    /**
     * Reads how long a safetensors header is.
     *
     * @throws SourceException when it is longer than the file or than any header
     */
    public static long headerBytes(byte[] length, String name, long fileBytes) {
        long header = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (header < 0 || header > fileBytes - LENGTH_BYTES || header > MAX_HEADER_BYTES) {
            throw new SourceException(
                    Reason.SourceCorrupt,
                    "%s: its header claims %s bytes of a file of %d; it is truncated or no safetensors file"
                            .formatted(name, Long.toUnsignedString(header), fileBytes));
        }
        return header;
    }

    /**
     * Writes a safetensors file of {@code fileBytes} of which only the header is there.
     *
     * @return bytes of the header that came
     */
    public static long write(Path target, byte[] length, InputStream json, long fileBytes) throws IOException {
        Files.deleteIfExists(target); // of an attempt before
        try (FileChannel channel = FileChannel.open(
                target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            OutputStream out = Channels.newOutputStream(channel);
            out.write(length);
            long came = json.transferTo(out);
            if (channel.position() < fileBytes) {
                channel.write(ByteBuffer.allocate(1), fileBytes - 1);
            }
            return came;
        }
    }
}
