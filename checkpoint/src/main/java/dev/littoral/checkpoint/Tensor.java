package dev.littoral.checkpoint;

import dev.littoral.checkpoint.CheckpointException.Reason;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A tensor of weights in its mapped file; readable while the file is open.
 *
 * @param file that holds it, for people
 * @param data the bytes as they are stored
 */
public record Tensor(String file, String name, TensorInfo info, MemorySegment data) {

    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort F16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Bytes that are mapped at once while all of it is read. */
    private static final long CACHED_BYTES = 4 << 20;

    /**
     * Reads numbers as floats.
     *
     * @param from index of the first number
     * @param target takes as many as it is long
     * @throws IllegalArgumentException when the tensor holds no F32, F16 or BF16
     */
    public void read(long from, float[] target) {
        read(from, target, 0, target.length);
    }

    /** Has the system keep its file's pages at hand, as far as it likes; they do not count as this process's. */
    public void cache() {
        for (long at = 0; at < data.byteSize(); at += CACHED_BYTES) {
            MemorySegment part = data.asSlice(at, Math.min(CACHED_BYTES, data.byteSize() - at));
            part.load();
            part.unload();
        }
    }

    /** Says that it is not read soon: its pages need not stay in memory. */
    public void release() {
        data.unload();
    }

    /** Makes the exception for numbers that cannot be. */
    public CheckpointException damaged(String problem) {
        return new CheckpointException(Reason.WeightsInvalid, file, name, problem + "; fetch the file again");
    }

    /** Reads all numbers as floats; else as {@link #read(long, float[])}. */
    public float[] values() {
        float[] values = new float[Math.toIntExact(info.elements())];
        read(0, values);
        return values;
    }

    /** Reads {@code count} numbers as floats to {@code at} and after; else as {@link #read(long, float[])}. */
    public void read(long from, float[] target, int at, int count) {
        switch (info.dtype()) {
            case F32 -> MemorySegment.copy(data, F32, from * 4, target, at, count);
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    target[at + i] = Float.float16ToFloat(data.get(F16, (from + i) * 2));
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    target[at + i] = Float.intBitsToFloat(data.get(F16, (from + i) * 2) << 16);
                }
            }
            default -> throw new IllegalArgumentException(name + " holds " + info.dtype() + ", which are no weights");
        }
    }
}
