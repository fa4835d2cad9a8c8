package dev.littoral.bench.length;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.algorithms.length.LengthHistogram;
import dev.littoral.algorithms.length.LengthPredictor;
import dev.littoral.algorithms.length.ModelLearner;
import dev.littoral.algorithms.length.Probe;
import dev.littoral.algorithms.length.PromptReading;
import dev.littoral.algorithms.length.PromptTimes;
import dev.littoral.algorithms.length.TermRidge;
import dev.littoral.algorithms.length.WarmData;
import dev.littoral.algorithms.length.WarmFactor;
import dev.littoral.algorithms.length.WarmTraining;
import dev.littoral.scheduler.length.MiniLmEncoder;
import dev.littoral.scheduler.length.PromptEncoder;
import dev.littoral.scheduler.length.WarmFactorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The length predictor on real prompts and real models' lengths, beside simple rules. */
@Command(
        name = "length",
        mixinStandardHelpOptions = true,
        description =
                "Predicted lengths against actual ones. Folders hold prompts.jsonl and lengths.csv. With --train alone: "
                        + "five folds by prompt. With --test: models and prompts never seen, by a warm factor trained on --train, or by "
                        + "the shipped one without --train.")
public final class LengthBench implements Callable<Integer> {

    private static final double USUAL_LOG_LENGTH = 5.5;

    @Spec
    private final CommandSpec spec = CommandSpec.create();

    @Option(names = "--train", description = "Folder to train on.")
    private Path train = Path.of("");

    @Option(names = "--test", description = "Folder to predict.")
    private Path test = Path.of("");

    @Option(
            names = "--labels",
            split = ",",
            defaultValue = "0,20,50,100,200,400",
            description = "Labels of each model never seen that are learned from; default ${DEFAULT-VALUE}.")
    private List<Integer> labels = List.of();

    @Option(names = "--draws", defaultValue = "2", description = "Draws of the labels; default ${DEFAULT-VALUE}.")
    private int draws;

    @Option(names = "--networks", defaultValue = "2", description = "Gated networks; default ${DEFAULT-VALUE}.")
    private int networks;

    @Option(names = "--seed", defaultValue = "0", description = "Of folds, draws and networks.")
    private long seed;

    @Option(
            names = "--write-warm-factor",
            description = "Trains a warm factor on --train, writes it, and does no more.")
    private Path warmFile = Path.of("");

    @Option(names = "--out", defaultValue = "bench/results", description = "Folder for length.json.")
    private Path out = Path.of("");

    @Override
    public Integer call() throws IOException {
        boolean trained = !train.toString().isEmpty();
        boolean tested = !test.toString().isEmpty();
        if (!trained && !tested) {
            throw new ParameterException(
                    spec.commandLine(), "Name a folder: ARGS=\"--train DIR\", \"--test DIR\", or both");
        }
        try (PromptEncoder encoder = MiniLmEncoder.load()) {
            if (!warmFile.toString().isEmpty()) {
                byte[] bytes = WarmFactorFile.write(
                        warm(encoder, LengthData.read(train)).data());
                Files.write(warmFile, bytes);
                System.out.println(warmFile + ": " + bytes.length + " bytes");
                return 0;
            }
            ObjectNode figures = new ObjectMapper().createObjectNode();
            figures.put("seed", seed);
            if (!tested) {
                figures.put("train", name(train));
                folds(encoder, LengthData.read(train), figures);
            } else {
                figures.put("train", trained ? name(train) : "shipped").put("test", name(test));
                LengthData data = LengthData.read(test);
                WarmFactor warm = trained ? warm(encoder, LengthData.read(train)) : shippedWithout(data);
                List<PromptReading> readings = readings(encoder, data);
                List<Probe> probes = probes(warm, readings);
                curves(warm, data, readings, figures);
                PredictionTime.measure(encoder, warm, data, probes).report(figures.putObject("prediction_64_tokens"));
            }
            Files.createDirectories(out);
            Path file = out.resolve("length.json");
            new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), figures);
            System.out.println("figures: " + file);
        }
        return 0;
    }

    /** Names the folder itself: where it lies is one machine's. */
    private static String name(Path folder) {
        return folder.toAbsolutePath().normalize().getFileName().toString();
    }

    private void folds(PromptEncoder encoder, LengthData data, ObjectNode figures) throws IOException {
        WarmFactor warm = shippedWithout(data);
        List<PromptReading> readings = readings(encoder, data);
        List<Probe> probes = probes(warm, readings);
        Folds folds = new Folds(data, probes, seed);
        Map<String, Accuracy> rows = new LinkedHashMap<>();
        System.out.printf(
                "%d prompts, %d models, five folds by prompt:%n",
                probes.size(), data.models().size());
        header();
        rows.put("prompt x 1.5", folds.perModel(() -> new PromptTimes(1.5)));
        rows.put("histogram", folds.perModel(() -> new LengthHistogram(USUAL_LOG_LENGTH, 1)));
        rows.put("TF-IDF ridge", folds.perModel(() -> new TermRidge(USUAL_LOG_LENGTH)));
        rows.put("clairvoyant", folds.clairvoyant());
        rows.put("each model alone", folds.perModel(() -> new ModelLearner(warm, true)));
        List<Accuracy> fleet = folds.fleet(warm, networks, seed);
        Accuracy best = fleet.getLast();
        rows.put("all models, processes", fleet.getFirst());
        rows.put("and gated networks", best);
        rows.forEach((name, accuracy) -> {
            line(name, accuracy);
            accuracy.write(figures.putObject(name));
        });
        System.out.printf("%n%-36s%10s%10s%n", "and gated networks, per model", "SPEARMAN", "WITHIN 90");
        double[] ranks = best.perModel();
        double[] covered = best.coverage();
        for (int model = 0; model < ranks.length; model++) {
            System.out.printf(
                    Locale.ROOT, "%-36s%10.3f%9.1f%%%n", data.models().get(model), ranks[model], 100 * covered[model]);
        }
        best.writeCopula(figures.putArray("copula"));
        System.out.println();
        curves(warm, data, readings, figures);
        PredictionTime.measure(encoder, warm, data, probes).report(figures.putObject("prediction_64_tokens"));
    }

    private void curves(WarmFactor warm, LengthData data, List<PromptReading> readings, ObjectNode figures) {
        Set<Long> tested = digests(data);
        WarmFactor measured = WarmFactor.measuredWithout(warm.data(), tested);
        List<Probe> probes = probes(warm, readings);
        System.out.println(
                "models never seen, each alone, on its prompts without a label (measured: the warm factor without "
                        + "the guesses for examples; cold: without the warm factor):");
        System.out.printf("%-14s%8s%10s%10s%12s%12s%n", "", "LABELS", "PER MODEL", "POOLED", "WITHIN 90", "LEAST-MOST");
        curve("warm", () -> new ModelLearner(warm, true), data, probes, figures);
        curve("measured", () -> new ModelLearner(measured, true), data, probes(measured, readings), figures);
        curve("cold", () -> new ModelLearner(warm, false), data, probes, figures);
        curve("histogram", () -> new LengthHistogram(warm.data().offset(), 1), data, probes, figures);
        curve("tf_idf_ridge", () -> new TermRidge(warm.data().offset()), data, probes, figures);
    }

    private void curve(
            String name, Supplier<LengthPredictor> learner, LengthData data, List<Probe> probes, ObjectNode figures) {
        ObjectNode points = figures.putObject("learning_curve_" + name);
        new LearningCurve(data, probes, seed)
                .measure(learner, labels.stream().sorted().toList(), draws)
                .forEach((n, accuracies) -> point(name, n, accuracies, points));
    }

    private static void point(String name, int labels, List<Accuracy> draws, ObjectNode points) {
        double perModel =
                draws.stream().mapToDouble(Accuracy::meanPerModel).average().orElse(Double.NaN);
        double pooled = draws.stream().mapToDouble(Accuracy::pooled).average().orElse(Double.NaN);
        double[] covered =
                draws.stream().flatMapToDouble(a -> Arrays.stream(a.coverage())).toArray();
        double mean = Arrays.stream(covered).average().orElse(Double.NaN);
        double least = Arrays.stream(covered).min().orElse(Double.NaN);
        double most = Arrays.stream(covered).max().orElse(Double.NaN);
        System.out.printf(
                Locale.ROOT,
                "%-14s%8d%10.3f%10.3f%11.1f%%%6.1f-%.1f%n",
                name,
                labels,
                perModel,
                pooled,
                100 * mean,
                100 * least,
                100 * most);
        ObjectNode figures = points.putObject(Integer.toString(labels));
        draws.getFirst().write(figures.putObject("first_draw"));
        figures.put("spearman_mean_per_model", perModel)
                .put("spearman_pooled", pooled)
                .put("coverage_90_mean", mean)
                .put("coverage_90_least", least)
                .put("coverage_90_most", most);
    }

    private static void header() {
        System.out.printf(
                "%-28s%10s%10s%12s%12s%16s%n",
                "", "PER MODEL", "POOLED", "PINBALL .5", "PINBALL .9", "WITHIN 90 BOUND");
    }

    private static void line(String name, Accuracy accuracy) {
        double[] covered = accuracy.coverage();
        System.out.printf(
                Locale.ROOT,
                "%-28s%10.3f%10.3f%12.3f%12.3f%8.1f-%.1f%%%n",
                name,
                accuracy.meanPerModel(),
                accuracy.pooled(),
                accuracy.pinball(0.5),
                accuracy.pinball(0.9),
                100 * Arrays.stream(covered).min().orElse(Double.NaN),
                100 * Arrays.stream(covered).max().orElse(Double.NaN));
    }

    private WarmFactor warm(PromptEncoder encoder, LengthData data) throws IOException {
        return WarmTraining.train(
                readings(encoder, data),
                data.prompts().stream()
                        .mapToLong(prompt -> WarmData.digest(prompt.text()))
                        .toArray(),
                data.logLengths(data.all()),
                ExampleRequests.read(encoder),
                seed);
    }

    /** What is predicted may not have taught the shipped factor. */
    private static WarmFactor shippedWithout(LengthData data) throws IOException {
        return WarmFactor.without(WarmFactorFile.shipped(), digests(data));
    }

    private static Set<Long> digests(LengthData data) {
        return data.prompts().stream()
                .map(prompt -> WarmData.digest(prompt.text()))
                .collect(Collectors.toSet());
    }

    private static List<PromptReading> readings(PromptEncoder encoder, LengthData data) {
        return data.prompts().stream()
                .map(prompt -> encoder.read(prompt.text(), prompt.tokens()))
                .toList();
    }

    private static List<Probe> probes(WarmFactor warm, List<PromptReading> readings) {
        return readings.stream().map(warm::probe).toList();
    }
}
