package dev.littoral.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.checkpoint.Blocks;
import dev.littoral.checkpoint.Quantization;
import dev.littoral.engine.ProgressListener;
import dev.littoral.engine.Rounding;
import dev.littoral.engine.StageSpec;
import dev.littoral.engine.onnx.OnnxEngine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How fast weights are brought to fewer bits, beside reading and hashing the same file. */
@Command(name = "quantize", mixinStandardHelpOptions = true, description = "Quantizing beside reading and hashing.")
final class QuantizeBench implements Callable<Integer> {

    @Option(
            names = "--layers",
            defaultValue = "24",
            description = "Of the random checkpoint; default ${DEFAULT-VALUE}.")
    private int layers;

    @Option(names = "--hidden", defaultValue = "896", description = "Default ${DEFAULT-VALUE}.")
    private int hidden;

    @Option(names = "--ffn", defaultValue = "4864", description = "Default ${DEFAULT-VALUE}.")
    private int ffn;

    @Option(names = "--vocabulary", defaultValue = "32000", description = "Default ${DEFAULT-VALUE}.")
    private int vocabulary;

    @Option(names = "--rounds", defaultValue = "3", description = "Medians are taken of so many.")
    private int rounds;

    @Option(names = "--threads", defaultValue = "0", description = "0: one per processor.")
    private int threads;

    @Option(names = "--out", defaultValue = "bench/results", description = "Folder for quantize.json.")
    private Path out = Path.of("");

    private record Way(int bits, Rounding rounding, boolean symmetric) {

        String brief() {
            return "%d bits, %s%s"
                    .formatted(bits, rounding.name().toLowerCase(Locale.ROOT), symmetric ? "" : ", asymmetric");
        }
    }

    @Override
    public Integer call() throws IOException {
        int used = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
        Path folder = Files.createTempDirectory("littoral-quantize");
        try {
            Path checkpoint = RandomWeights.write(folder.resolve("model"), layers, hidden, ffn, vocabulary);
            Path weights = checkpoint.resolve("model.safetensors");
            long sourceBytes = Files.size(weights);
            ObjectNode figures = new ObjectMapper().createObjectNode();
            figures.put("source_bytes", sourceBytes).put("threads", used);
            double hash = median(() -> hash(weights));
            figures.put("read_and_hash_megabytes_per_second", sourceBytes / hash / 1e6);
            System.out.printf(Locale.ROOT, "%,d bytes of bf16, %d threads%n", sourceBytes, used);
            System.out.printf(Locale.ROOT, "%-28s%12s%12s%18s%n", "", "SECONDS", "MB/S", "OF READ + HASH");
            System.out.printf(Locale.ROOT, "%-28s%12.2f%12.0f%n", "read + SHA-256", hash, sourceBytes / hash / 1e6);
            ObjectNode ways = figures.putObject("ways");
            for (Map.Entry<String, Way> way : ways().entrySet()) {
                measure(checkpoint, folder, way.getValue(), used, sourceBytes, hash, ways.putObject(way.getKey()));
            }
            Files.createDirectories(out);
            Path file = out.resolve("quantize.json");
            new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), figures);
            System.out.println("figures: " + file);
            return 0;
        } finally {
            delete(folder);
        }
    }

    private static Map<String, Way> ways() {
        Map<String, Way> ways = new LinkedHashMap<>();
        for (int bits : new int[] {8, 4, 2}) {
            ways.put(bits + "_absmax", new Way(bits, Rounding.ABSMAX, true));
            ways.put(bits + "_tuned", new Way(bits, Rounding.TUNED, true));
        }
        ways.put("4_tuned_asymmetric", new Way(4, Rounding.TUNED, false));
        return ways;
    }

    private void measure(
            Path checkpoint, Path folder, Way way, int used, long sourceBytes, double hash, ObjectNode figures)
            throws IOException {
        OnnxEngine engine = new OnnxEngine();
        StageSpec spec = new StageSpec(
                checkpoint,
                0,
                layers,
                Quantization.uniform(layers, way.bits(), way.bits(), new Blocks(32, way.symmetric())),
                way.rounding(),
                32,
                512,
                1,
                used,
                folder.resolve("cache"));
        // once to warm up, which also leaves the digest of the file known: it is no part of the time
        engine.prepare(spec, ProgressListener.NONE);
        double again = median(() -> engine.prepare(spec, ProgressListener.NONE));
        double[] seconds = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            delete(engine.prepare(spec, ProgressListener.NONE));
            seconds[i] = seconds(() -> engine.prepare(spec, ProgressListener.NONE));
        }
        double median = new Sample(seconds).quantile(0.5);
        figures.put("seconds", median)
                .put("megabytes_per_second", sourceBytes / median / 1e6)
                .put("of_read_and_hash", hash / median)
                .put("found_in_cache_seconds", again);
        System.out.printf(
                Locale.ROOT,
                "%-28s%12.2f%12.0f%17.2fx%n",
                way.brief(),
                median,
                sourceBytes / median / 1e6,
                hash / median);
    }

    private interface Work {
        void run() throws IOException;
    }

    private double median(Work work) throws IOException {
        double[] seconds = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            seconds[i] = seconds(work);
        }
        return new Sample(seconds).quantile(0.5);
    }

    private static double seconds(Work work) throws IOException {
        long begin = System.nanoTime();
        work.run();
        return (System.nanoTime() - begin) / 1e9;
    }

    private static void hash(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
            while (channel.read(buffer.clear()) >= 0) {
                sha.update(buffer.flip());
            }
            sha.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
