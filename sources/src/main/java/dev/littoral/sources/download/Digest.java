package dev.littoral.sources.download;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What a file's bytes must add up to.
 *
 * @param hex lower case
 */
public record Digest(Kind kind, String hex) {

    /** How the bytes are added up. */
    public enum Kind {
        /** SHA-256 of the bytes. */
        SHA256("SHA-256"),
        /** SHA-1 of a header with the length, then the bytes: git's name of a file, which the hub gives small files. */
        GIT_BLOB("SHA-1");

        private final String algorithm;

        Kind(String algorithm) {
            this.algorithm = algorithm;
        }

        /** Begins to add up a file of so many bytes. */
        public MessageDigest begin(long bytes) {
            try {
                MessageDigest digest = MessageDigest.getInstance(algorithm);
                if (this == GIT_BLOB) {
                    digest.update(("blob " + bytes + "\0").getBytes(StandardCharsets.US_ASCII));
                }
                return digest;
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has " + algorithm, e);
            }
        }
    }

    /** Makes a SHA-256. */
    public static Digest sha256(String hex) {
        return new Digest(Kind.SHA256, hex);
    }

    @Override
    public String toString() {
        return kind + ":" + hex;
    }
}
