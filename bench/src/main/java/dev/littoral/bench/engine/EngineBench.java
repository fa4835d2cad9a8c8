package dev.littoral.bench.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The engine beside llama.cpp, in turns on the same random model, bits, threads and prompts. */
@Command(
        name = "engine",
        mixinStandardHelpOptions = true,
        description = "Decode, prefill and memory beside llama.cpp, on a random model in the shape of Qwen2.5-0.5B.")
public final class EngineBench implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TRAINED = List.of("target", "draft");

    /** llama.cpp as the Python package carries it, with what writes its files. */
    private static final List<String> PACKAGES = List.of("llama-cpp-python==0.3.36", "gguf==0.19.0", "numpy");

    /** Of 64 tokens each, these are more messages than Java interprets before it compiles what handles them. */
    private static final int WARMING_ROUNDS = 10;

    /** What the operator gives every agent. */
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "ORT_DISABLE_TELEMETRY",
            "1",
            "GLIBC_TUNABLES",
            "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=4294967296:glibc.malloc.arena_max=1");

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

    @Option(
            names = "--only",
            split = ",",
            description =
                    "Some of 4x1, 4x8, 8x1 (bits and sessions), agents, starts; the rest stays as it was. Default: all.")
    private List<String> only = List.of();

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
        Path file = out.resolve("engine.json");
        var table = new Table(file);
        table.figures().put("threads", threads).put("rounds", rounds).put("block", block);
        table.heading("median of " + rounds);
        Path model = RandomModel.in(work.resolve("model-" + layers + "-" + seed), layers, seed);
        if (rows().stream().anyMatch(row -> asked(row.brief()))) {
            var llama = new LlamaFiles(work, python, PACKAGES);
            double bandwidth = CopyBandwidth.bytesPerSecond(threads);
            for (Row row : rows()) {
                if (asked(row.brief())) {
                    measure(row, model, llama, table, bandwidth);
                    table.save();
                }
            }
        }
        if (asked("agents")) {
            pieces(model, table);
            table.save();
        }
        if (asked("starts")) {
            starts(table);
            table.save();
        }
        System.out.println("figures: " + file);
        return 0;
    }

    private boolean asked(String row) {
        return only.isEmpty() || only.contains(row);
    }

    /** What one pair of processes is asked; both hold {@code slots} sequences of {@code context} tokens. */
    private record Row(String name, int bits, int slots, int context, List<Ask> asks) {

        String brief() {
            return bits + "x" + slots;
        }
    }

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

    private void measure(Row row, Path model, LlamaFiles llama, Table table, double bandwidth) throws IOException {
        try (Peer ours = Peer.start("the engine", engine(row, model), ENVIRONMENT, work.resolve("engine.log"));
                Peer theirs = Peer.start(
                        "llama.cpp",
                        llama.serve(model, row.bits(), row.context(), row.slots(), threads),
                        Map.of(),
                        work.resolve("llama.log"))) {
            for (Ask ask : row.asks()) {
                String name = row.name() + ", " + ask.name();
                Comparison rates = inTurns(ask, ours, theirs);
                table.rates(name, rates, ask.atLeast());
                if (ask.batch() == 1 && ask.tokens() > 0) {
                    table.bound(
                            name,
                            rates.leftMedian(),
                            ours.ready().path("token_bytes").asLong(),
                            bandwidth);
                }
            }
            if (row.slots() == 1) {
                long resident = ours.residentBytes();
                table.memory(row.name() + ", resident memory", resident, theirs.residentBytes());
                table.promise(
                        row.name() + ", beside Java (left), promised (right)",
                        resident - ours.ready().path("resident_before").asLong(),
                        ours.ready().path("promised").asLong());
            }
        }
    }

    private Comparison inTurns(Ask ask, Peer ours, Peer theirs) {
        ObjectNode question = JSON.createObjectNode()
                .put("batch", ask.batch())
                .put("prompt", ask.prompt())
                .put("tokens", ask.tokens());
        List<Double> our = new ArrayList<>();
        List<Double> their = new ArrayList<>();
        for (int round = -1; round < rounds; round++) {
            double ourRate = ask.rate(ours.ask(question).path("seconds").asDouble());
            double theirRate = ask.rate(theirs.ask(question).path("seconds").asDouble());
            if (round >= 0) {
                our.add(ourRate);
                their.add(theirRate);
            }
        }
        return new Comparison(our, their);
    }

    /**
     * One stage and two stages, each an agent in a process of its own, asked in turns, after as many tokens as it takes
     * until the way from agent to agent is compiled.
     */
    private void pieces(Path model, Table table) throws IOException, InterruptedException {
        for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
            Files.copy(
                    Path.of("models/target").resolve(file), model.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        try (Agents whole = Agents.start(model, List.of(0, layers), 4, block, threads, work, ENVIRONMENT);
                Agents cut =
                        Agents.start(model, List.of(0, layers / 2, layers), 4, block, threads, work, ENVIRONMENT)) {
            List<Double> two = new ArrayList<>();
            List<Double> one = new ArrayList<>();
            for (int round = -WARMING_ROUNDS; round < rounds; round++) {
                double cutRate = cut.tokensPerSecond("Count down from 9 to 5.", tokens);
                double wholeRate = whole.tokensPerSecond("Count down from 9 to 5.", tokens);
                if (round >= 0) {
                    two.add(cutRate);
                    one.add(wholeRate);
                }
            }
            table.pieces("4 bit, two agents (left) against one (right)", new Comparison(two, one), 0.9);
        }
    }

    /** How soon the trained models answer once their weights are prepared. */
    private void starts(Table table) throws IOException {
        for (String name : TRAINED) {
            for (int bits : List.of(8, 4)) {
                Row row = new Row(name, bits, 1, 512, List.of());
                List<Double> ready = new ArrayList<>();
                List<Double> load = new ArrayList<>();
                for (int round = -1; round < rounds; round++) {
                    long begin = System.nanoTime();
                    try (Peer started = Peer.start(
                            "the engine",
                            engine(row, Path.of("models").resolve(name)),
                            ENVIRONMENT,
                            work.resolve("engine.log"))) {
                        if (round >= 0) {
                            ready.add((System.nanoTime() - begin) / 1e9);
                            load.add(started.ready().path("load_seconds").asDouble());
                        }
                    }
                }
                table.start(name + ", " + bits + " bit, process (left), load (right)", ready, load);
            }
        }
    }

    private List<String> engine(Row row, Path model) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(
                java,
                "@node-agent/jvm.options",
                "-XX:CompilerDirectivesFile=node-agent/compiler.directives",
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
}
