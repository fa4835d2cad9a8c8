package dev.littoral.sources;

import dev.littoral.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Brings a checkpoint in a process of its own with half of an agent's heap, and before, where it is told to, reads what the
 * checkpoint says of itself.
 */
final class FetchMain {

    private FetchMain() {}

    static Process start(int port, String uri, Path cache, Path log, boolean outline) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FetchMain.class.getName(),
                        String.valueOf(port),
                        uri,
                        cache.toString(),
                        String.valueOf(outline))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    public static void main(String[] arguments) throws IOException {
        SourceSettings settings = TestSettings.of(Integer.parseInt(arguments[0]));
        boolean outlined = Boolean.parseBoolean(arguments[3]);
        try (Fetcher fetcher = new Fetcher(outlined ? settings.with(SourceSettings.Limits.DEFAULT) : settings)) {
            Fetcher.Wanted wanted =
                    new Fetcher.Wanted(ModelUri.parse(arguments[1]), Optional.empty(), new Credentials(Map.of()));
            if (outlined) {
                Path outline = Files.createTempDirectory(Path.of(arguments[2]), "outline");
                Checkpoint.open(fetcher.outline(wanted, outline).folder()).close();
            }
            Path folder =
                    fetcher.fetch(wanted, Path.of(arguments[2]), transfer -> System.out.println(transfer.words()));
            Checkpoint.open(folder).close();
            System.out.println(folder);
        }
    }
}
