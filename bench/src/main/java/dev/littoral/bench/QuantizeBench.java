package dev.littoral.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import dev.littoral.bench.files.FigureFile;
import dev.littoral.checkpoint.Blocks;
import dev.littoral.checkpoint.Quantization;
import dev.littoral.engine.ProgressListener;
import dev.littoral.engine.Rounding;
import dev.littoral.engine.StageSpec;
import dev.littoral.engine.onnx.OnnxEngine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How fast weights are brought to fewer bits, beside reading and hashing the same file. */
@Command(name = "quantize", mixinStandardHelpOptions = true, description = "Quantizing beside reading and hashing.")
final class QuantizeBench implements Callable<Integer> {

    private static final OperatingSystemMXBean MACHINE =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

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

    @Option(
            names = "--here",
            hidden = true,
            description = "In this process, rather than in one with an agent's Java options.")
    private boolean here;

    @Spec
    private final CommandSpec command = CommandSpec.create();

    @Option(names = "--out", defaultValue = "bench/results", description = "Folder for quantize.json.")
    private Path out = Path.of("");

    private record Way(int bits, Rounding rounding, boolean symmetric) {

        String brief() {
            return "%d bits, %s%s"
                    .formatted(bits, rounding.name().toLowerCase(Locale.ROOT), symmetric ? "" : ", asymmetric");
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        return here ? measureAll() : asAnAgent();
    }

    /** Agents prepare weights, and theirs are not the options of this process. */
    private int asAnAgent() throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@node-agent/jvm.options",
                "-XX:CompilerDirectivesFile=node-agent/compiler.directives",
                "-cp",
                System.getProperty("java.class.path"),
                BenchMain.class.getName()));
        line.addAll(command.root().commandLine().getParseResult().originalArgs());
        line.add("--here");
        return new ProcessBuilder(line).inheritIO().start().waitFor();
    }

    private int measureAll() throws IOException {
        int used = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
        Path folder = Files.createTempDirectory("littoral-quantize");
        try {
            Path checkpoint = RandomWeights.write(folder.resolve("model"), layers, hidden, ffn, vocabulary);
            Path weights = checkpoint.resolve("model.safetensors");
            long sourceBytes = Files.size(weights);
            ObjectNode figures = new ObjectMapper().createObjectNode();
            figures.put("source_bytes", sourceBytes).put("threads", used);
            Took hash = median(() -> {}, () -> hash(weights));
            hash.put(figures.putObject("read_and_hash"), sourceBytes);
            System.out.printf(Locale.ROOT, "%,d bytes of bf16, %d threads%n", sourceBytes, used);
            System.out.printf(
                    "%-28s%10s%10s%10s%14s%17s%n", "", "SECONDS", "CPU S", "MB/S", "MB/2 CPU S", "READ + HASH");
            row("read + SHA-256", hash, sourceBytes, hash);
            ObjectNode ways = figures.putObject("ways");
            for (Map.Entry<String, Way> way : ways().entrySet()) {
                measure(checkpoint, folder, way.getValue(), used, sourceBytes, hash, ways.putObject(way.getKey()));
            }
            Path file = out.resolve("quantize.json");
            FigureFile.write(file, figures);
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
            Path checkpoint, Path folder, Way way, int used, long sourceBytes, Took hash, ObjectNode figures)
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
        Took again = median(() -> {}, () -> engine.prepare(spec, ProgressListener.NONE));
        Took took = median(
                () -> delete(engine.prepare(spec, ProgressListener.NONE)),
                () -> engine.prepare(spec, ProgressListener.NONE));
        took.put(figures, sourceBytes);
        figures.put("of_read_and_hash", hash.processor() / took.processor())
                .put("found_in_cache_seconds", again.wall());
        row(way.brief(), took, sourceBytes, hash);
    }

    private static void row(String name, Took took, long bytes, Took hash) {
        System.out.printf(
                Locale.ROOT,
                "%-28s%10.2f%10.2f%10.0f%14.0f%16.2fx%n",
                name,
                took.wall(),
                took.processor(),
                took.megabytesPerSecond(bytes),
                took.megabytesPerPairSecond(bytes),
                hash.processor() / took.processor());
    }

    private interface Work {
        void run() throws IOException;
    }

    /**
     * Medians of a work's time.
     *
     * @param wall seconds that passed
     * @param processor seconds of all processors, which say what the work costs where others use the machine too
     */
    private record Took(double wall, double processor) {

        double megabytesPerSecond(long bytes) {
            return bytes / wall / 1e6;
        }

        /** Gives what two processors of their own would do. */
        double megabytesPerPairSecond(long bytes) {
            return 2 * bytes / processor / 1e6;
        }

        void put(ObjectNode figures, long bytes) {
            figures.put("wall_seconds", wall)
                    .put("processor_seconds", processor)
                    .put("megabytes_per_second", megabytesPerSecond(bytes))
                    .put("megabytes_per_second_of_two_processors", megabytesPerPairSecond(bytes));
        }
    }

    /** Does something before each time that counts. */
    private Took median(Work before, Work work) throws IOException {
        double[] wall = new double[rounds];
        double[] processor = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            before.run();
            long begin = System.nanoTime();
            long used = MACHINE.getProcessCpuTime();
            work.run();
            processor[i] = (MACHINE.getProcessCpuTime() - used) / 1e9;
            wall[i] = (System.nanoTime() - begin) / 1e9;
        }
        return new Took(new Sample(wall).quantile(0.5), new Sample(processor).quantile(0.5));
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
