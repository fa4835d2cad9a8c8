package dev.littoral.checkpoint;

import dev.littoral.checkpoint.CheckpointException.Reason;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** One safetensors file, mapped into memory; its header was checked against the file. Closing it ends the mapping. */
public final class Safetensors implements AutoCloseable {

    private static final int LENGTH_BYTES = 8;
    private static final long MAX_HEADER_BYTES = 100_000_000;

    private final Path file;
    private final Arena arena;
    private final MemorySegment mapped;
    private final Map<String, TensorInfo> tensors;

    private Safetensors(Path file, Arena arena, MemorySegment mapped, Map<String, TensorInfo> tensors) {
        this.file = file;
        this.arena = arena;
        this.mapped = mapped;
        this.tensors = tensors;
    }

    /**
     * Maps a file and reads its header.
     *
     * @throws CheckpointException when the file is missing or its header lies
     */
    public static Safetensors open(Path file) {
        return open(file, new TensorRoom());
    }

    /** Maps one of several files whose tensors share the room; else as {@link #open(Path)}. */
    static Safetensors open(Path file, TensorRoom room) {
        if (!Files.isRegularFile(file)) {
            throw new CheckpointException(
                    Reason.WeightsMissing, file.toString(), "", "there is no such file; fetch the checkpoint again");
        }
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Map<String, TensorInfo> tensors = header(file, channel, room);
            return new Safetensors(
                    file, arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena), tensors);
        } catch (IOException e) {
            arena.close();
            throw invalid(file, "it cannot be read (" + e + "); check its permissions");
        } catch (CheckpointException e) {
            arena.close();
            throw e;
        }
    }

    private static Map<String, TensorInfo> header(Path file, FileChannel channel, TensorRoom room) throws IOException {
        long size = channel.size();
        if (size < LENGTH_BYTES) {
            throw invalid(file, "it has " + size + " bytes, too few for a header; fetch the file again");
        }
        InputStream bytes = new BufferedInputStream(Channels.newInputStream(channel.position(0)));
        long length = ByteBuffer.wrap(bytes.readNBytes(LENGTH_BYTES))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
        if (length < 2 || length > size - LENGTH_BYTES) {
            throw invalid(
                    file,
                    "its header claims " + Long.toUnsignedString(length) + " bytes of a file of " + size
                            + "; it is truncated or no safetensors file");
        }
        if (length > MAX_HEADER_BYTES) {
            throw invalid(file, "its header claims " + length + " bytes; at most " + MAX_HEADER_BYTES + " are read");
        }
        long dataStart = LENGTH_BYTES + length;
        return new SafetensorsHeader(file.toString(), dataStart, size - dataStart)
                .read(new FirstBytes(bytes, length), room);
    }

    private static CheckpointException invalid(Path file, String problemAndCure) {
        return new CheckpointException(Reason.WeightsInvalid, file.toString(), "", problemAndCure);
    }

    /** Names the file. */
    public Path file() {
        return file;
    }

    /** Gives what the header says of each tensor. */
    public Map<String, TensorInfo> tensors() {
        return tensors;
    }

    /**
     * Gives a tensor of the file.
     *
     * @throws CheckpointException when there is none of that name
     */
    public Tensor tensor(String name) {
        TensorInfo info = tensors.get(name);
        if (info == null) {
            throw new CheckpointException(
                    Reason.WeightsMissing, file.toString(), name, "the file has no such tensor; fetch it again");
        }
        return new Tensor(file.toString(), name, info, mapped.asSlice(info.offset(), info.bytes()));
    }

    @Override
    public void close() {
        arena.close();
    }
}
