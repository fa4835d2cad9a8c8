package dev.littoral.scheduler.it;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A key with a certificate that it signed itself, for 127.0.0.1, made by the JDK's keytool.
 *
 * @param keyStore PKCS 12
 * @param certificate PEM
 */
record KeyPair(Path keyStore, Path certificate) {

    static final String PASSWORD = "changeit";

    static KeyPair make(Path folder, String name) throws IOException, InterruptedException {
        KeyPair made = new KeyPair(folder.resolve(name + ".p12"), folder.resolve(name + ".crt"));
        keytool(
                made,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-validity",
                "2",
                "-ext",
                "SAN=ip:127.0.0.1");
        keytool(made, "-exportcert", "-rfc", "-file", made.certificate().toString());
        return made;
    }

    private static void keytool(KeyPair pair, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "-alias",
                "key",
                "-storetype",
                "PKCS12",
                "-keystore",
                pair.keyStore().toString(),
                "-storepass",
                PASSWORD));
        int code = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (code != 0) {
            throw new IllegalStateException(String.join(" ", command) + " ended with " + code);
        }
    }
}
