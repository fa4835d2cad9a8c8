package dev.littoral.bench.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Reads a file of lines in UTF-8, with a byte order mark or without, whichever way its lines end. */
public final class TextLines {

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private TextLines() {}

    /**
     * Reads all lines; what follows the last line end counts only if it is not empty.
     *
     * @throws BadInput when there is no such file, or it is not UTF-8
     * @throws IOException when it cannot be read
     */
    public static List<String> read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new BadInput(
                    Files.exists(file)
                            ? file + " is not a file: name one"
                            : file + " is missing: put it there, or name another");
        }
        String text = text(file, Files.readAllBytes(file));
        return (text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text)
                .lines()
                .toList();
    }

    private static String text(Path file, byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            long line = 1
                    + IntStream.range(0, in.position())
                            .filter(i -> bytes[i] == '\n')
                            .count();
            throw new BadInput(file + " line " + line + ": not UTF-8 (byte "
                    + String.format("0x%02x", bytes[in.position()]) + "): save the file as UTF-8");
        }
        return out.flip().toString();
    }
}
