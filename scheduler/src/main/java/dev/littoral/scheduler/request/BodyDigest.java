package dev.littoral.scheduler.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Tells a request that is sent again from another one under the same name. */
public final class BodyDigest {

    private static final int BYTES = 16;

    private BodyDigest() {}

    /** Returns the first 128 bits of the body's SHA-256, in hexadecimal. */
    public static String of(String body) {
        return of(body.getBytes(UTF_8));
    }

    /** Returns the first 128 bits of the bytes' SHA-256, in hexadecimal. */
    public static String of(byte[] body) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
            return HexFormat.of().formatHex(digest, 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
