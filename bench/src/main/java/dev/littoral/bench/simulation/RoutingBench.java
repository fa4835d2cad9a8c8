package dev.littoral.bench.simulation;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Routing rules side by side in a discrete-event simulation of a fleet under a trace. */
@Command(
        name = "routing",
        mixinStandardHelpOptions = true,
        description = "Routing rules on simulated fleets: deadlines, latency, energy, promises, recovery, scale-out.")
public final class RoutingBench implements Callable<Integer> {

    @Option(
            names = "--trace",
            split = ",",
            description = "CSV files with TIMESTAMP,ContextTokens,GeneratedTokens; without any, a synthetic trace"
                    + " (Poisson with a swinging rate, log-normal prompts and answers).")
    private List<Path> traces = new ArrayList<>();

    @Option(names = "--fleet", split = ",", description = "JSON files or shipped fleets; all that ship by default.")
    private List<String> fleets = new ArrayList<>();

    @Option(names = "--rules", split = ",", description = "Rules to compare; all but loo-iodcc by default.")
    private List<String> rules = new ArrayList<>();

    @Option(names = "--load", split = ",", defaultValue = ".5,.7,.85,.95,1.2", description = "Shares of capacity.")
    private List<Double> loads = new ArrayList<>();

    @Option(names = "--requests", defaultValue = "1000", description = "Of each trace, in a row from a drawn place.")
    private int requests;

    @Option(
            names = "--slowness",
            defaultValue = "fastest",
            description = "Of a fleet: fastest (its fastest device"
                    + " against a GPU, default) or mean (the mean over its devices by capacity).")
    private String slowness = "";

    @Option(names = "--copula", description = "JSON: 20 x 20, row actual, column predicted vigintile of the length.")
    private Optional<Path> copula = Optional.empty();

    @Option(
            names = "--scale-out",
            description = "Nothing but three schedulers beside one, at load .95; the figures are printed only.")
    private boolean scaleOut;

    @Option(names = "--seed", defaultValue = "1", description = "Of everything that is drawn.")
    private long seed;

    @Option(names = "--out", defaultValue = "bench/results", description = "Folder of routing.json, .csv and .svg.")
    private Path out = Path.of("");

    @Override
    public Integer call() throws IOException {
        List<Rules> compared =
                rules.isEmpty() ? Rules.all() : rules.stream().map(Rules::named).toList();
        Laboratory laboratory = new Laboratory(copula(), Slowness.named(slowness), seed);
        List<Trace> windows = new ArrayList<>();
        for (Path file : traces) {
            windows.add(Trace.read(file).window(requests, seed));
        }
        if (windows.isEmpty()) {
            windows.add(Trace.synthetic(seed, requests));
            System.out.println("no --trace: synthetic (Poisson with a swinging rate, log-normal lengths)");
        }
        List<FleetPlan> plans = new ArrayList<>();
        for (String name : fleets.isEmpty() ? FleetPlan.SHIPPED : fleets) {
            plans.add(FleetPlan.find(name));
        }
        if (scaleOut) {
            new Extras(laboratory).scaleOut(windows, plans, new ObjectMapper().createObjectNode());
            return 0;
        }
        ObjectNode figures = new ObjectMapper().createObjectNode();
        figures.put("requests", requests).put("seed", seed).put("slowness", slowness);
        Comparison comparison = new Comparison(laboratory, compared);
        comparison.run(windows, plans, loads, figures);
        if (compared.contains(Rules.LOO)) {
            new Extras(laboratory).run(windows, plans, figures, out);
        }
        Files.createDirectories(out);
        Files.write(out.resolve("routing.csv"), comparison.csv());
        Path file = out.resolve("routing.json");
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), figures);
        System.out.printf(Locale.ROOT, "figures: %s, every run in routing.csv%n", file);
        return 0;
    }

    private Copula copula() throws IOException {
        if (copula.isPresent()) {
            try (InputStream in = Files.newInputStream(copula.orElseThrow())) {
                return Copula.read(in);
            }
        }
        try (InputStream in = Optional.ofNullable(RoutingBench.class.getResourceAsStream("/length-copula.json"))
                .orElseThrow(
                        () -> new IOException("length-copula.json is missing from the jar: run make bench NAME=length"
                                + " or give --copula"))) {
            return Copula.read(in);
        }
    }
}
