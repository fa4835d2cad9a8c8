package dev.littoral.cli.model;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How the weights of a checkpoint are to be run, as options that several commands share. */
final class WeightOptions {

    @Option(
            names = "--bits",
            defaultValue = "32",
            paramLabel = "B",
            description = "Bits per weight of every layer: 32, 8 or 4; default ${DEFAULT-VALUE}.")
    int bits;

    @Option(
            names = "--edge-bits",
            paramLabel = "B",
            description = "Bits per weight of the output head; default 8, or 32 with --bits 32.")
    Optional<Integer> edgeBits = Optional.empty();

    @Option(
            names = "--block",
            defaultValue = "32",
            paramLabel = "N",
            description = "Weights that share a scale: 32, 64 or 128; default ${DEFAULT-VALUE}.")
    int blockSize;

    @Option(names = "--threads", paramLabel = "N", description = "Threads that compute; default: one per processor.")
    Optional<Integer> threads = Optional.empty();

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "Folder for prepared weights; default ~/.cache/littoral/weights.")
    Optional<Path> cache = Optional.empty();

    int edgeBits() {
        return edgeBits.orElse(bits == 32 ? 32 : 8);
    }

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

    /** Gives the same run of unquantized weights. */
    WeightOptions unquantized() {
        WeightOptions options = new WeightOptions();
        options.bits = 32;
        options.edgeBits = Optional.of(32);
        options.blockSize = blockSize;
        options.threads = threads;
        options.cache = cache;
        return options;
    }
}
