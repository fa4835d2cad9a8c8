package dev.littoral.sandbox.broker;

import dev.littoral.sandbox.process.Arguments;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * A second listener, for those who log in: {@code --sasl USER:PASSWORD --sasl-address-file FILE}, by PLAIN as this user
 * or by SCRAM-SHA-512 as a user made later; over TLS with {@code --tls-keystore FILE --tls-password PASSWORD} (PKCS 12).
 * With {@code --acls true} who logs in may do what access control lists say; who comes to the first listener may do all.
 */
record SecuredListener(String login, int port, Path addressFile, Optional<KeyStore> tls, boolean acls) {

    private static final String PREFIX = "listener.name.secured.";

    private record KeyStore(Path file, String password) {}

    /** Reads the arguments; empty when nobody is to log in. */
    static Optional<SecuredListener> of(Arguments arguments, int port) {
        return arguments
                .optional("sasl")
                .map(login -> new SecuredListener(
                        login,
                        port,
                        Path.of(arguments.required("sasl-address-file")).toAbsolutePath(),
                        arguments
                                .optional("tls-keystore")
                                .map(file -> new KeyStore(
                                        Path.of(file).toAbsolutePath(), arguments.required("tls-password"))),
                        arguments.optional("acls").map(Boolean::parseBoolean).orElse(false)));
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    void into(Properties settings) {
        append(settings, "listeners", ",SECURED://" + address());
        append(settings, "advertised.listeners", ",SECURED://" + address());
        append(
                settings,
                "listener.security.protocol.map",
                ",SECURED:" + (tls.isPresent() ? "SASL_SSL" : "SASL_PLAINTEXT"));
        settings.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512");
        settings.put(
                PREFIX + "plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required user_%s=\"%s\";"
                        .formatted(login.substring(0, login.indexOf(':')), login.substring(login.indexOf(':') + 1)));
        settings.put(
                PREFIX + "scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        tls.ifPresent(store -> {
            settings.put(PREFIX + "ssl.keystore.type", "PKCS12");
            settings.put(PREFIX + "ssl.keystore.location", store.file().toString());
            settings.put(PREFIX + "ssl.keystore.password", store.password());
            settings.put(PREFIX + "ssl.key.password", store.password());
        });
        if (acls) {
            settings.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
            settings.put("super.users", "User:ANONYMOUS");
        }
    }

    private static void append(Properties settings, String name, String more) {
        settings.merge(name, more, (before, rest) -> "" + before + rest);
    }
}
