package dev.littoral.sandbox.apiserver;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Says how the server is started.
 *
 * @param data folder for what the server writes besides the kubeconfig; it is made where it is missing
 * @param port port on loopback, 0 for any free one
 * @param kubeconfig file that is written once the server answers
 * @param definitions folder with CustomResourceDefinitions to begin with, as YAML
 */
public record Options(Path data, int port, Path kubeconfig, Optional<Path> definitions) {

    private static final String USAGE = "usage: --data DIR [--port 0] --kubeconfig FILE [--crds DIR]";

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException when it makes no sense; the message says why and what would
     */
    public static Options parse(String... arguments) {
        List<Path> data = new ArrayList<>();
        List<Path> kubeconfig = new ArrayList<>();
        List<Path> definitions = new ArrayList<>();
        int port = 0;
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(arguments[i] + " needs a value; " + USAGE);
            }
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--data" -> data.add(Path.of(value));
                case "--kubeconfig" -> kubeconfig.add(Path.of(value));
                case "--crds" -> definitions.add(Path.of(value));
                case "--port" -> port = port(value);
                default -> throw new IllegalArgumentException(arguments[i] + " is unknown; " + USAGE);
            }
        }
        if (data.isEmpty() || kubeconfig.isEmpty()) {
            throw new IllegalArgumentException("--data and --kubeconfig are needed; " + USAGE);
        }
        Optional<Path> crds = definitions.isEmpty() ? Optional.empty() : Optional.of(definitions.getLast());
        return new Options(data.getLast(), port, kubeconfig.getLast(), crds);
    }

    private static int port(String value) {
        try {
            int port = Integer.parseInt(value);
            if (port >= 0 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--port must be a number from 0 to 65535: " + value, e);
        }
        throw new IllegalArgumentException("--port must be a number from 0 to 65535: " + value);
    }
}
