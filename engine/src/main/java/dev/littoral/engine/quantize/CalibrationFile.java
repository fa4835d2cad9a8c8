package dev.littoral.engine.quantize;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.checkpoint.DataType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Collects tensors for a safetensors file that {@link Calibration} reads. */
public final class CalibrationFile {

    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    private record Entry(String name, float[] numbers, DataType type) {

        long bytes() {
            return (long) type.bytes() * numbers.length;
        }
    }

    /** Largest number of 16 bits. */
    private static final float MOST = 65504;

    private final List<Entry> entries = new ArrayList<>();

    /** Says how many columns see each other in all products. */
    public CalibrationFile(int reach) {
        entries.add(new Entry(Calibration.REACH, new float[] {reach}, DataType.F32));
    }

    /** Adds what a matrix is multiplied by; 16 bits for each product do, as measured. */
    public void products(String input, Products products) {
        entries.add(new Entry(input, products.triangles(), DataType.F16));
    }

    /** Adds how large a layer's keys or values get. */
    public void magnitudes(String name, float[] numbers) {
        entries.add(new Entry(name, numbers, DataType.F32));
    }

    /** Writes all under another name and then moves the file to its place. */
    public void write(Path target) throws IOException {
        ObjectNode header = new ObjectMapper().createObjectNode();
        long at = 0;
        for (Entry entry : entries) {
            ObjectNode info =
                    header.putObject(entry.name()).put("dtype", entry.type().name());
            info.withArray("shape").add(entry.numbers().length);
            info.withArray("data_offsets").add(at).add(at + entry.bytes());
            at += entry.bytes();
        }
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        int padding = (8 - json.length % 8) % 8;
        Path draft = target.resolveSibling(target.getFileName() + ".draft");
        try (FileChannel channel = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            put(channel, bytes(8).putLong(json.length + padding));
            put(
                    channel,
                    bytes(json.length + padding)
                            .put(json)
                            .put(" ".repeat(padding).getBytes(StandardCharsets.UTF_8)));
            for (Entry entry : entries) {
                ByteBuffer bytes = bytes(Math.toIntExact(entry.bytes()));
                for (float number : entry.numbers()) {
                    if (entry.type() == DataType.F16) {
                        bytes.putShort(Float.floatToFloat16(Math.clamp(number, -MOST, MOST)));
                    } else {
                        bytes.putFloat(number);
                    }
                }
                put(channel, bytes);
            }
            channel.force(true);
        }
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static ByteBuffer bytes(int count) {
        return ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void put(FileChannel channel, ByteBuffer bytes) throws IOException {
        bytes.flip();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
