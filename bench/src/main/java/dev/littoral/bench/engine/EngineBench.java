package dev.littoral.bench.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The engine beside llama.cpp, in turns on the same random model, bits, threads and prompts. */
@Command(
        name = "engine",
        mixinStandardHelpOptions = true,
        description = "Decode, prefill and memory beside llama.cpp, on a random model in the shape of Qwen2.5-0.5B.")
public final class EngineBench implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** llama.cpp as the Python package carries it, with what writes its files. */
    private static final List<String> PACKAGES = List.of("llama-cpp-python==0.3.36", "gguf==0.19.0", "numpy");

    /** What the operator gives every agent. */
    private static final Map<String, String> ENVIRONMENT =
            Map.of("ORT_DISABLE_TELEMETRY", "1", "GLIBC_TUNABLES", "glibc.malloc.hugetlb=1");

    @Option(
            names = "--rounds",
            defaultValue = "5",
            description = "Measurements of each figure; default ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--threads", description = "Threads of each side; default: all processors.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--layers", defaultValue = "24", description = "Layers of the model; default ${DEFAULT-VALUE}.")
    private int layers;

    @Option(names = "--prompt", defaultValue = "512", description = "Tokens of the long prompt.")
    private int prompt;

    @Option(names = "--tokens", defaultValue = "64", description = "Tokens decoded in each measurement.")
    private int tokens;

    @Option(names = "--block", defaultValue = "128", description = "Weights that share a scale in our files.")
    private int block;

    @Option(names = "--seed", defaultValue = "1", description = "Of the random weights.")
    private long seed;

    @Option(names = "--python", description = "A Python with llama-cpp-python, gguf and numpy; else one is set up.")
    private Path python = Path.of("");

    @Option(names = "--work", defaultValue = "target/bench-engine", description = "Folder for models and programs.")
    private Path work = Path.of("");

    @Option(names = "--out", defaultValue = "bench/results", description = "Folder for engine.json.")
    private Path out = Path.of("");

    @Override
    public Integer call() throws IOException, InterruptedException {
        Files.createDirectories(work);
        var llama = new LlamaFiles(work, python, PACKAGES);
        Path model = RandomModel.in(work.resolve("model-" + layers + "-" + seed), layers, seed);
        var figures = JSON.createObjectNode()
                .put("threads", threads)
                .put("rounds", rounds)
                .put("block", block);
        System.out.printf(
                Locale.ROOT, "%-44s%22s%22s%8s%18s%n", "median of " + rounds, "littoral", "llama.cpp", "ratio", "goal");
        double bandwidth = CopyBandwidth.bytesPerSecond(threads);
        figures.put("copy_bandwidth_bytes_per_second", bandwidth);
        for (Row row : rows()) {
            measure(row, model, llama, figures, bandwidth);
        }
        pieces(model, figures);
        Path file = out.resolve("engine.json");
        Files.createDirectories(out);
        JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), figures);
        System.out.println("figures: " + file);
        return 0;
    }

    /** What one pair of processes is asked; both hold {@code slots} sequences of {@code context} tokens. */
    private record Row(String name, int bits, int slots, int context, List<Ask> asks) {}

    /**
     * One figure.
     *
     * @param tokens decoded by each session after its prompt, none for a prompt alone
     * @param atLeast goal of the ratio of rates
     */
    private record Ask(String name, int batch, int prompt, int tokens, double atLeast) {

        double rate(double seconds) {
            return (tokens == 0 ? prompt : (double) batch * tokens) / seconds;
        }
    }

    private List<Row> rows() {
        int context = prompt + 2 * tokens;
        return List.of(
                new Row(
                        "4 bit",
                        4,
                        1,
                        context,
                        List.of(
                                new Ask("decode, batch 1", 1, tokens, tokens, 1.15),
                                new Ask("prompt of " + prompt + " to first token", 1, prompt, 0, 1.6))),
                new Row("4 bit", 4, 8, 4 * tokens, List.of(new Ask("decode, batch 8", 8, tokens, tokens, 2.5))),
                new Row("8 bit", 8, 1, context, List.of(new Ask("decode, batch 1", 1, tokens, tokens, 1.1))));
    }

    private void measure(Row row, Path model, LlamaFiles llama, ObjectNode figures, double bandwidth)
            throws IOException {
        try (Peer ours = Peer.start("the engine", engine(row, model), ENVIRONMENT, work.resolve("engine.log"));
                Peer theirs = Peer.start(
                        "llama.cpp",
                        llama.serve(model, row.bits(), row.context(), row.slots(), threads),
                        Map.of(),
                        work.resolve("llama.log"))) {
            for (Ask ask : row.asks()) {
                ObjectNode question = JSON.createObjectNode()
                        .put("batch", ask.batch())
                        .put("prompt", ask.prompt())
                        .put("tokens", ask.tokens());
                List<Double> our = new ArrayList<>();
                List<Double> their = new ArrayList<>();
                for (int round = -1; round < rounds; round++) {
                    double ourRate = ask.rate(ours.ask(question).path("seconds").asDouble());
                    double theirRate =
                            ask.rate(theirs.ask(question).path("seconds").asDouble());
                    if (round >= 0) {
                        our.add(ourRate);
                        their.add(theirRate);
                    }
                }
                String name = row.name() + ", " + ask.name();
                Comparison comparison = new Comparison(our, their);
                System.out.printf(
                        Locale.ROOT,
                        "%-44s%22s%22s%7.2fx%18s%n",
                        name,
                        comparison.ours() + " t/s",
                        comparison.theirs() + " t/s",
                        comparison.ratio(),
                        "at least " + ask.atLeast());
                figures.set(name, comparison.json().put("goal_at_least", ask.atLeast()));
                if (ask.batch() == 1 && ask.tokens() > 0) {
                    bound(
                            name,
                            comparison.ourMedian(),
                            ours.ready().path("token_bytes").asLong(),
                            bandwidth,
                            figures);
                }
            }
            if (row.slots() == 1) {
                memory(row, ours.residentBytes(), theirs.residentBytes(), figures);
            }
        }
    }

    /** Compares with the time that reading the weights once per token takes at the speed of a copy. */
    private static void bound(String of, double rate, long tokenBytes, double bandwidth, ObjectNode figures) {
        double share = rate * tokenBytes / bandwidth;
        System.out.printf(
                Locale.ROOT,
                "%-44s%17.1f GB/s%17.1f GB/s%7.2fx%18s%n",
                "  bytes read, against a copy",
                rate * tokenBytes / 1e9,
                bandwidth / 1e9,
                share,
                "at least 0.8");
        figures.putObject(of + ", of the bandwidth bound")
                .put("bytes_per_token", tokenBytes)
                .put("ratio", share)
                .put("goal_at_least", 0.8);
    }

    /** One stage and two stages, each an agent in a process of its own, asked in turns. */
    private void pieces(Path model, ObjectNode figures) throws IOException, InterruptedException {
        for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
            Files.copy(
                    Path.of("models/target").resolve(file), model.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        try (Agents whole = Agents.start(model, List.of(0, layers), 4, block, threads, work, ENVIRONMENT);
                Agents cut =
                        Agents.start(model, List.of(0, layers / 2, layers), 4, block, threads, work, ENVIRONMENT)) {
            List<Double> two = new ArrayList<>();
            List<Double> one = new ArrayList<>();
            for (int round = -1; round < rounds; round++) {
                double cutRate = cut.tokensPerSecond("Count down from 9 to 5.", tokens);
                double wholeRate = whole.tokensPerSecond("Count down from 9 to 5.", tokens);
                if (round >= 0) {
                    two.add(cutRate);
                    one.add(wholeRate);
                }
            }
            Comparison comparison = new Comparison(two, one);
            System.out.printf(
                    Locale.ROOT,
                    "%-44s%22s%22s%7.2fx%18s%n",
                    "4 bit, two agents (left) against one (right)",
                    comparison.ours() + " t/s",
                    comparison.theirs() + " t/s",
                    comparison.ratio(),
                    "at least 0.9");
            ObjectNode json = figures.putObject("4 bit, two agents against one").put("ratio", comparison.ratio());
            two.forEach(json.putArray("two_tokens_per_second")::add);
            one.forEach(json.putArray("one_tokens_per_second")::add);
            json.put("goal_at_least", 0.9);
        }
    }

    private static void memory(Row row, long ours, long theirs, ObjectNode figures) {
        String name = row.name() + ", resident memory";
        System.out.printf(
                Locale.ROOT,
                "%-44s%18.0f MiB%18.0f MiB%7.2fx%18s%n",
                name,
                ours / 1048576.0,
                theirs / 1048576.0,
                (double) ours / theirs,
                "at most 1.15");
        figures.putObject(name)
                .put("littoral_bytes", ours)
                .put("llama_cpp_bytes", theirs)
                .put("ratio", (double) ours / theirs)
                .put("goal_at_most", 1.15);
    }

    private List<String> engine(Row row, Path model) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(
                java,
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                EngineProcess.class.getName()));
        command.addAll(List.of(
                model.toString(),
                work.resolve("cache").toString(),
                "" + row.bits(),
                "" + block,
                "" + row.context(),
                "" + row.slots(),
                "" + threads));
        return command;
    }

    /** The same figure of both sides, measured in turns. */
    private record Comparison(List<Double> ourRates, List<Double> theirRates) {

        private static double median(List<Double> rates) {
            List<Double> sorted = rates.stream().sorted().toList();
            return sorted.get(sorted.size() / 2);
        }

        private static String text(List<Double> rates) {
            return String.format(
                    Locale.ROOT,
                    "%.1f (%.0f-%.0f)",
                    median(rates),
                    rates.stream().mapToDouble(x -> x).min().orElse(0),
                    rates.stream().mapToDouble(x -> x).max().orElse(0));
        }

        double ourMedian() {
            return median(ourRates);
        }

        String ours() {
            return text(ourRates);
        }

        String theirs() {
            return text(theirRates);
        }

        /** Median of the ratios of each turn, so that what slows both down does not count. */
        double ratio() {
            return median(IntStream.range(0, ourRates.size())
                    .mapToObj(i -> ourRates.get(i) / theirRates.get(i))
                    .toList());
        }

        ObjectNode json() {
            ObjectNode json = JSON.createObjectNode().put("ratio", ratio());
            ourRates.forEach(json.putArray("littoral_tokens_per_second")::add);
            theirRates.forEach(json.putArray("llama_cpp_tokens_per_second")::add);
            return json;
        }
    }
}
