package dev.littoral.sources.download;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.List;

/**
 * A file that is not all here yet, and beside it a journal of the parts that are. A journal of another content or length
 * of part begins the file anew. A part is written down only after its bytes were forced to the disk.
 */
final class Partial implements AutoCloseable {

    private final Path file;
    private final Path journal;
    private final FileChannel data;
    private final FileChannel parts;
    private final BitSet done;
    private final long bytes;
    private final long partBytes;

    private Partial(
            Path file, Path journal, FileChannel data, FileChannel parts, BitSet done, long bytes, long partBytes) {
        this.file = file;
        this.journal = journal;
        this.data = data;
        this.parts = parts;
        this.done = done;
        this.bytes = bytes;
        this.partBytes = partBytes;
    }

    /** Opens what an earlier attempt left, or begins. */
    static Partial open(Path file, RemoteFile remote, long partBytes) throws IOException {
        Path journal = journal(file);
        String identity = identity(remote, partBytes);
        BitSet done = done(file, journal, identity);
        if (done.isEmpty()) {
            Files.writeString(journal, identity + "\n");
        }
        FileChannel data = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (data.size() > remote.bytes()) {
            data.truncate(remote.bytes());
        }
        return new Partial(
                file,
                journal,
                data,
                FileChannel.open(journal, StandardOpenOption.APPEND),
                done,
                remote.bytes(),
                partBytes);
    }

    /** Counts the bytes that an earlier attempt left and that need not come again. */
    static long keptBytes(Path file, RemoteFile remote, long partBytes) throws IOException {
        BitSet done = done(file, journal(file), identity(remote, partBytes));
        long kept = 0;
        for (int part = done.nextSetBit(0); part >= 0; part = done.nextSetBit(part + 1)) {
            kept += Math.min(partBytes, remote.bytes() - part * partBytes);
        }
        return kept;
    }

    private static Path journal(Path file) {
        return file.resolveSibling(file.getFileName() + ".parts");
    }

    private static String identity(RemoteFile remote, long partBytes) {
        return remote.bytes() + " " + partBytes + " " + remote.version().replaceAll("\\s", "_");
    }

    private static BitSet done(Path file, Path journal, String identity) throws IOException {
        BitSet done = new BitSet();
        if (!Files.isRegularFile(journal) || !Files.isRegularFile(file)) {
            return done;
        }
        String text = Files.readString(journal);
        // a line without its end was cut off by a crash
        List<String> lines =
                text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        if (lines.isEmpty() || !lines.getFirst().equals(identity)) {
            return done;
        }
        for (String line : lines.subList(1, lines.size())) {
            if (line.matches("[0-9]{1,8}")) {
                done.set(Integer.parseInt(line));
            }
        }
        return done;
    }

    int parts() {
        return Math.toIntExact(Math.max(1, (bytes + partBytes - 1) / partBytes));
    }

    synchronized boolean has(int part) {
        return done.get(part);
    }

    long begin(int part) {
        return part * partBytes;
    }

    long end(int part) {
        return Math.min(bytes, begin(part) + partBytes);
    }

    void write(ByteBuffer buffer, long at) throws IOException {
        long position = at;
        while (buffer.hasRemaining()) {
            position += data.write(buffer, position);
        }
    }

    void finish(int part) throws IOException {
        data.force(false);
        synchronized (this) {
            parts.write(ByteBuffer.wrap((part + "\n").getBytes(StandardCharsets.US_ASCII)));
            done.set(part);
        }
    }

    /** Forgets all, so that everything comes again. */
    void discard() throws IOException {
        close();
        Files.deleteIfExists(journal);
        Files.deleteIfExists(file);
    }

    /** Forgets the journal of a file that is whole. */
    void complete() throws IOException {
        data.force(true);
        close();
        Files.deleteIfExists(journal);
    }

    @Override
    public void close() throws IOException {
        data.close();
        parts.close();
    }
}
