package dev.littoral.scheduler.length;

import dev.littoral.algorithms.length.FeatureScale;
import dev.littoral.algorithms.length.WarmData;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32C;

/**
 * The file of a warm factor: {@code LWF2}, the checksum (CRC-32C) of the rest, then the parts of {@link WarmData} in
 * their order, each array with its length before it, big endian.
 */
public final class WarmFactorFile {

    /** Where the shipped one lies on the class path. */
    public static final String SHIPPED = "/length/warm-factor.bin";

    private static final int MAGIC = 0x4c574632;
    private static final int MOST_ENTRIES = 1 << 22;

    private WarmFactorFile() {}

    /**
     * Reads the factor that is shipped.
     *
     * @throws IOException when it is missing or damaged
     */
    public static WarmData shipped() throws IOException {
        try (InputStream stream = WarmFactorFile.class.getResourceAsStream(SHIPPED)) {
            if (stream == null) {
                throw new IOException(SHIPPED + " is not on the class path");
            }
            return read(stream.readAllBytes());
        }
    }

    /** Writes a factor. */
    public static byte[] write(WarmData data) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        write(out, data.scale().means());
        write(out, data.scale().deviations());
        write(out, data.scale().slopes());
        write(out, data.directions());
        write(out, data.directionSteps());
        write(out, data.points());
        out.writeFloat(data.pointStep());
        write(out, data.factors());
        out.writeInt(data.labels().length);
        for (int labels : data.labels()) {
            out.writeInt(labels);
        }
        out.writeInt(data.digests().length);
        for (long digest : data.digests()) {
            out.writeLong(digest);
        }
        out.writeDouble(data.offset());
        out.writeDouble(data.slope());
        write(out, data.residuals());
        byte[] body = bytes.toByteArray();
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        DataOutputStream header = new DataOutputStream(whole);
        header.writeInt(MAGIC);
        header.writeLong(checksum(body, 0));
        header.write(body);
        return whole.toByteArray();
    }

    /**
     * Reads a factor.
     *
     * @throws IOException when the bytes are of another version, or damaged
     */
    public static WarmData read(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        if (in.readInt() != MAGIC) {
            throw new IOException("this is no warm factor of version 2");
        }
        if (in.readLong() != checksum(bytes, Integer.BYTES + Long.BYTES)) {
            throw new IOException("the warm factor is damaged: its checksum differs");
        }
        FeatureScale scale = new FeatureScale(floats(in), floats(in), floats(in));
        byte[][] directions = rows(in);
        float[] directionSteps = floats(in);
        byte[][] points = rows(in);
        float pointStep = in.readFloat();
        float[] factors = floats(in);
        int[] labels = new int[length(in)];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = in.readInt();
        }
        long[] digests = new long[length(in)];
        for (int i = 0; i < digests.length; i++) {
            digests[i] = in.readLong();
        }
        return new WarmData(
                scale,
                directions,
                directionSteps,
                points,
                pointStep,
                factors,
                labels,
                digests,
                in.readDouble(),
                in.readDouble(),
                floats(in));
    }

    private static long checksum(byte[] bytes, int from) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, from, bytes.length - from);
        return checksum.getValue();
    }

    private static void write(DataOutputStream out, float[] numbers) throws IOException {
        out.writeInt(numbers.length);
        for (float number : numbers) {
            out.writeFloat(number);
        }
    }

    private static void write(DataOutputStream out, byte[][] rows) throws IOException {
        out.writeInt(rows.length);
        for (byte[] row : rows) {
            out.writeInt(row.length);
            out.write(row);
        }
    }

    private static float[] floats(DataInputStream in) throws IOException {
        float[] numbers = new float[length(in)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = in.readFloat();
        }
        return numbers;
    }

    private static byte[][] rows(DataInputStream in) throws IOException {
        byte[][] rows = new byte[length(in)][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new byte[length(in)];
            in.readFully(rows[i]);
        }
        return rows;
    }

    private static int length(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MOST_ENTRIES) {
            throw new IOException("the warm factor is damaged: an array of " + length);
        }
        return length;
    }
}
