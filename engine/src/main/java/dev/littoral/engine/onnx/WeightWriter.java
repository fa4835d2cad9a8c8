package dev.littoral.engine.onnx;

import dev.littoral.engine.quantize.Sink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of tensors, each on a page of its own so that it can be mapped; any thread may fill what was reserved. */
final class WeightWriter implements AutoCloseable, Sink {

    private static final int PAGE_BYTES = 4096;

    private final FileChannel channel;
    private long end;

    WeightWriter(Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** Makes room for a tensor and gives its offset in bytes. */
    long reserve(long bytes) {
        long offset = Math.ceilDiv(end, PAGE_BYTES) * PAGE_BYTES;
        end = Math.addExact(offset, bytes);
        return offset;
    }

    @Override
    public void put(long offset, ByteBuffer bytes) throws IOException {
        long at = offset;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    /** Brings all of it to the disk. */
    void finish() throws IOException {
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
