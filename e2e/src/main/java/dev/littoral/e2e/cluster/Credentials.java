package dev.littoral.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Holds what a control plane is entered with; every control plane has its own.
 *
 * @param token the bearer token of the one user, who may do everything
 * @param tokenFile the API server's list of tokens, which holds that one
 * @param serviceAccountKey the PEM file with the private key that signs tokens of service accounts
 */
record Credentials(String token, Path tokenFile, Path serviceAccountKey) {

    /** Makes new credentials and writes them into a folder, readable by nobody else. */
    static Credentials create(Path folder) {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        String token = HexFormat.of().formatHex(random);
        Path tokenFile = write(folder.resolve("tokens.csv"), token + ",admin,admin,system:masters\n");
        return new Credentials(token, tokenFile, write(folder.resolve("service-account.key"), privateKey()));
    }

    private static String privateKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            KeyPair pair = generator.generateKeyPair();
            byte[] encoded = pair.getPrivate().getEncoded();
            return "-----BEGIN PRIVATE KEY-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
                    + "\n-----END PRIVATE KEY-----\n";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has RSA", e);
        }
    }

    /** Writes a file that only its owner may read. */
    static Path write(Path file, String content) {
        try {
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
