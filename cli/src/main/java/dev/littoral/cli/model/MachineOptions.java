package dev.littoral.cli.model;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What this machine gives, as options that several commands share. */
final class MachineOptions {

    @Option(names = "--threads", paramLabel = "N", description = "Threads that compute; default: one per processor.")
    Optional<Integer> threads = Optional.empty();

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "Folder for prepared weights; default ~/.cache/littoral/weights.")
    Optional<Path> cache = Optional.empty();

    int threads() {
        return threads.orElse(Runtime.getRuntime().availableProcessors());
    }

    Path cache() {
        return cache.orElseGet(() -> Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .filter(folder -> !folder.isBlank())
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                .resolve("littoral/weights"));
    }
}
