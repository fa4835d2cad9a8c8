package dev.littoral.engine.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes tensors one after another into a file, each on a page of its own so that it can be mapped. */
final class WeightWriter implements AutoCloseable {

    private static final int PAGE_BYTES = 4096;

    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
    private long position;

    WeightWriter(Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** Begins a tensor and gives its offset in bytes. */
    long begin() throws IOException {
        while (position % PAGE_BYTES != 0) {
            put(new byte[(int) (PAGE_BYTES - position % PAGE_BYTES)]);
        }
        return position;
    }

    /** Gives the offset after what was put, in bytes. */
    long position() {
        return position;
    }

    void put(byte[] bytes) throws IOException {
        for (int at = 0; at < bytes.length; ) {
            makeRoom(1);
            int count = Math.min(buffer.remaining(), bytes.length - at);
            buffer.put(bytes, at, count);
            at += count;
        }
        position += bytes.length;
    }

    void put(float[] numbers, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            makeRoom(4);
            buffer.putFloat(numbers[i]);
        }
        position += 4L * count;
    }

    private void makeRoom(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            flush();
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    /** Brings all of it to the disk. */
    void finish() throws IOException {
        flush();
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
