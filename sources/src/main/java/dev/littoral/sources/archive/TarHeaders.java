package dev.littoral.sources.archive;

import dev.littoral.sources.SourceException;
import dev.littoral.sources.SourceException.Reason;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/** Lets the library read no more than a bound for what is said of one entry of a tar: it keeps names of any length. */
final class TarHeaders extends FilterInputStream {

    private static final long MOST_BYTES = 1 << 20;
    private static final long SKIPPED_AT_ONCE = 1 << 30;

    private final String name;
    private long left = Long.MAX_VALUE;

    TarHeaders(String name, InputStream in) {
        super(in);
        this.name = name;
    }

    /** Passes over the rest of the entry, and reads what is said of the next; null at the end. */
    @Nullable
    TarArchiveEntry next(TarArchiveInputStream tar) throws IOException {
        if (tar.getCurrentEntry() != null) {
            while (tar.skip(SKIPPED_AT_ONCE) > 0) {}
        }
        left = MOST_BYTES;
        TarArchiveEntry entry = tar.getNextEntry();
        left = Long.MAX_VALUE;
        return entry;
    }

    @Override
    public int read() throws IOException {
        return (int) counted(super.read(), 1);
    }

    @Override
    public int read(byte[] target, int at, int count) throws IOException {
        int read = super.read(target, at, count);
        return (int) counted(read, read);
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = super.skip(count);
        return counted(skipped, skipped);
    }

    private long counted(long result, long bytes) {
        left -= Math.max(bytes, 0);
        if (left < 0) {
            throw new SourceException(
                    Reason.SourceUnsafe,
                    "%s says more than %,d bytes of one entry, such as its name; pack it anew"
                            .formatted(name, MOST_BYTES));
        }
        return result;
    }
}
