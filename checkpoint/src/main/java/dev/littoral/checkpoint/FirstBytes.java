package dev.littoral.checkpoint;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The first bytes of a stream, and not one more. */
public final class FirstBytes extends FilterInputStream {

    private long left;

    /** Gives {@code count} bytes of {@code in}, or fewer where it ends before. */
    public FirstBytes(InputStream in, long count) {
        super(in);
        this.left = count;
    }

    /** Counts what did not come yet. */
    public long left() {
        return left;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int at, int count) throws IOException {
        if (left == 0 && count > 0) {
            return -1;
        }
        int read = super.read(target, at, (int) Math.min(count, left));
        left -= Math.max(read, 0);
        return read;
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = super.skip(Math.min(count, left));
        left -= skipped;
        return skipped;
    }

    @Override
    public int available() throws IOException {
        return (int) Math.min(super.available(), left);
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
