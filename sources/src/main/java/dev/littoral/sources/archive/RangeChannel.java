package dev.littoral.sources.archive;

import dev.littoral.sources.download.Downloader;
import dev.littoral.sources.download.RemoteFile;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** Reads a file on the other side here and there, so that of a large zip only its directory and a few pieces come. */
public final class RangeChannel implements SeekableByteChannel {

    private static final int PIECE_BYTES = 1 << 18;

    private final RemoteFile remote;
    private final Downloader downloader;
    private byte[] piece = {};
    private long pieceFrom;
    private long position;
    private boolean open = true;

    /** Makes one at the beginning of {@code remote}. */
    public RangeChannel(RemoteFile remote, Downloader downloader) {
        this.remote = remote;
        this.downloader = downloader;
    }

    @Override
    public int read(ByteBuffer target) {
        if (position >= remote.bytes()) {
            return -1;
        }
        if (position < pieceFrom || position >= pieceFrom + piece.length) {
            pieceFrom = position / PIECE_BYTES * PIECE_BYTES;
            piece = downloader.bytes(remote, pieceFrom, (int) Math.min(PIECE_BYTES, remote.bytes() - pieceFrom));
        }
        int at = (int) (position - pieceFrom);
        int count = Math.min(target.remaining(), piece.length - at);
        target.put(piece, at, count);
        position += count;
        return count;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public SeekableByteChannel position(long newPosition) {
        if (newPosition < 0) {
            throw new IllegalArgumentException("the position is negative: " + newPosition);
        }
        position = newPosition;
        return this;
    }

    @Override
    public long size() {
        return remote.bytes();
    }

    @Override
    public int write(ByteBuffer source) {
        throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
        throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
    }
}
