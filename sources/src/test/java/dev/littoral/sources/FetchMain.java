package dev.littoral.sources;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Brings a checkpoint in a process of its own, as each agent of a node does. */
final class FetchMain {

    private FetchMain() {}

    static Process start(int port, String uri, Path cache, Path log) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FetchMain.class.getName(),
                        String.valueOf(port),
                        uri,
                        cache.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    public static void main(String[] arguments) {
        try (Fetcher fetcher = new Fetcher(TestSettings.of(Integer.parseInt(arguments[0])))) {
            Path folder = fetcher.fetch(
                    new Fetcher.Wanted(ModelUri.parse(arguments[1]), Optional.empty(), new Credentials(Map.of())),
                    Path.of(arguments[2]),
                    transfer -> System.out.println(transfer.words()));
            System.out.println(folder);
        }
    }
}
