package dev.littoral.bench.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.bench.files.BadInput;
import dev.littoral.bench.files.FigureFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Routing rules side by side in a discrete-event simulation of a fleet under a trace. */
@Command(
        name = "routing",
        mixinStandardHelpOptions = true,
        description = "Routing rules on simulated fleets: deadlines, latency, energy, promises, recovery, scale-out.")
public final class RoutingBench implements Callable<Integer> {

    private static final List<Double> ALL_LOADS = List.of(0.5, 0.7, 0.85, 0.95, 1.2);
    private static final double CALM = 0.7;
    private static final double BUSY = 0.95;

    @Spec
    private final CommandSpec spec = CommandSpec.create();

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

    @Option(
            names = "--load",
            split = ",",
            description = "Shares of capacity, of all that is compared; .5,.7,.85,.95,1.2 by default, and then .7 for"
                    + " promises and .95 for --scale-out.")
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
            description =
                    "Nothing but three schedulers beside one, at load .95 by default; the figures are printed only.")
    private boolean scaleOut;

    @Option(
            names = "--promises",
            description = "Nothing but prices against delay and what becomes of budgets, at load .7, without the whole"
                    + " comparison: routing-promises.json and routing-v.svg.")
    private boolean promises;

    @Option(names = "--seed", defaultValue = "1", description = "Of everything that is drawn.")
    private long seed;

    @Option(
            names = "--out",
            defaultValue = "bench/results",
            description = "Folder of routing.json, .csv and .svg, and routing-v.svg.")
    private Path out = Path.of("");

    @Override
    public Integer call() throws IOException {
        List<Rules> compared = checked();
        Laboratory laboratory = new Laboratory(copula(), Slowness.named(slowness), seed);
        List<Trace> windows = windows();
        List<FleetPlan> plans = new ArrayList<>();
        for (String name : fleets.isEmpty() ? FleetPlan.SHIPPED : fleets) {
            plans.add(FleetPlan.find(name));
        }
        List<Cell> calm = cells(windows, plans, CALM);
        List<Cell> busy = cells(windows, plans, BUSY);
        ObjectNode figures = new ObjectMapper().createObjectNode();
        figures.put("requests", requests).put("seed", seed).put("slowness", slowness);
        PromiseFigures ofPromises = new PromiseFigures(
                laboratory, compared.stream().filter(Rules::opponent).toList());
        if (scaleOut || promises) {
            if (calm.isEmpty()) {
                throw wrong("--load: --scale-out and --promises measure mean latency, which wants a load of 1 at most");
            }
            if (scaleOut) {
                ScaleOut.run(laboratory, busy, figures);
            }
            if (promises) {
                ofPromises.run(calm, figures, out.resolve("routing-v.svg"));
                write("routing-promises.json", figures);
            }
            return 0;
        }
        Comparison comparison = new Comparison(laboratory, compared);
        comparison.run(windows, plans, loads.isEmpty() ? ALL_LOADS : loads, figures);
        if (!compared.contains(Rules.LOO)) {
            System.out.println("energy, low-bit tokens, budgets, three schedulers, recovery and the picture of V: left"
                    + " out, they need loo among --rules");
        } else if (calm.isEmpty()) {
            System.out.println("energy, low-bit tokens, budgets, three schedulers and the picture of V: left out, mean"
                    + " latency wants a --load of 1 at most");
            Recovery.run(laboratory, plans, figures);
        } else {
            ofPromises.run(calm, figures, out.resolve("routing-v.svg"));
            ScaleOut.run(laboratory, busy, figures);
            Recovery.run(laboratory, plans, figures);
        }
        if (compared.contains(Rules.CLAIRVOYANT)) {
            OfflineBound.run(seed, figures);
        } else {
            System.out.println("the best in hindsight: left out, it needs clairvoyant among --rules");
        }
        Chart.write(out.resolve("routing.svg"), comparison.panels());
        Files.write(out.resolve("routing.csv"), comparison.csv());
        write("routing.json", figures);
        System.out.println(
                "every run: " + out.resolve("routing.csv") + ", rules over loads: " + out.resolve("routing.svg"));
        return 0;
    }

    /** Gives the rules to compare, when all options can be meant. */
    private List<Rules> checked() {
        if (requests < 2) {
            throw wrong("--requests must be 2 or more, to have a rate: " + requests);
        }
        for (double load : loads) {
            if (!(load > 0 && load < Double.POSITIVE_INFINITY)) {
                throw wrong("--load must be above 0, a share of the fleet's capacity as .7: " + load);
            }
        }
        try {
            return rules.isEmpty()
                    ? Rules.all()
                    : rules.stream().map(Rules::named).distinct().toList();
        } catch (IllegalArgumentException e) {
            throw wrong("--rules: " + e.getMessage());
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private List<Trace> windows() throws IOException {
        List<Trace> windows = new ArrayList<>();
        for (Path file : traces) {
            windows.add(Trace.read(file).window(requests, seed));
        }
        if (windows.isEmpty()) {
            windows.add(Trace.synthetic(seed, requests));
            System.out.println("no --trace: synthetic (Poisson with a swinging rate, log-normal lengths)");
        }
        return windows;
    }

    /** Gives the cells that are judged by mean latency: beyond a load of 1 it has no bound. */
    private List<Cell> cells(List<Trace> windows, List<FleetPlan> plans, double usual) {
        List<Cell> cells = new ArrayList<>();
        for (Trace trace : windows) {
            for (FleetPlan plan : plans) {
                for (double load : loads.isEmpty() ? List.of(usual) : loads) {
                    if (load <= 1) {
                        cells.add(new Cell(trace, plan, load, Rules.Objective.LATENCY));
                    }
                }
            }
        }
        return cells;
    }

    private void write(String name, ObjectNode figures) throws IOException {
        Path file = out.resolve(name);
        FigureFile.write(file, figures);
        System.out.println("figures: " + file);
    }

    private Copula copula() throws IOException {
        if (copula.isPresent()) {
            Path file = copula.orElseThrow();
            try (InputStream in = Files.newInputStream(file)) {
                return Copula.read(in);
            } catch (JsonProcessingException e) {
                throw new BadInput(
                        file + " line " + e.getLocation().getLineNr() + ": not JSON: " + e.getOriginalMessage(), e);
            } catch (IllegalArgumentException e) {
                throw new BadInput(
                        file + ": it wants a matrix as make bench NAME=length writes it: " + e.getMessage(), e);
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
