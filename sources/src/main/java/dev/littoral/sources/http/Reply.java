package dev.littoral.sources.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a server answered.
 *
 * @param uri of the last hop
 * @param headers of the last hop
 * @param firstHeaders of the first hop, the same as {@code headers} without a redirect
 * @param body to be closed
 */
public record Reply(int status, URI uri, HttpHeaders headers, HttpHeaders firstHeaders, InputStream body)
        implements AutoCloseable {

    /** Gives a header of the last hop. */
    public Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    /** Gives the promised length of the body. */
    public OptionalLong contentLength() {
        return number(headers, "Content-Length");
    }

    /** Gives a header that is a number from 0 on; empty where it is absent or something else. */
    public static OptionalLong number(HttpHeaders headers, String name) {
        try {
            long value = Long.parseLong(headers.firstValue(name).orElse("-1").strip());
            return value < 0 ? OptionalLong.empty() : OptionalLong.of(value);
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /**
     * Reads the whole body.
     *
     * @throws IOException when it ends early or has more than {@code most} bytes
     */
    public byte[] bytes(int most) throws IOException {
        byte[] bytes = body.readNBytes(most + 1);
        if (bytes.length > most) {
            throw new OversizedException(uri + " answers with more than " + most + " bytes");
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
