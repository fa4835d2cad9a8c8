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
import dev.littoral.bench.files.BadInput;
import dev.littoral.bench.files.FigureFile;
import dev.littoral.scheduler.length.MiniLmEncoder;
import dev.littoral.scheduler.length.PromptEncoder;
import dev.littoral.scheduler.length.WarmFactorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
        check();
        Optional<LengthData> toTrain = trained ? Optional.of(LengthData.read(train)) : Optional.empty();
        Optional<LengthData> toTest = tested ? Optional.of(LengthData.read(test)) : Optional.empty();
        boolean writesFactor = !warmFile.toString().isEmpty();
        if (!writesFactor) {
            learnable(tested ? test : train, toTest.or(() -> toTrain).orElseThrow());
        }
        try (PromptEncoder encoder = MiniLmEncoder.load()) {
            if (writesFactor) {
                byte[] bytes = WarmFactorFile.write(
                        warm(encoder, toTrain.orElseThrow()).data());
                Files.write(warmFile, bytes);
                System.out.println(warmFile + ": " + bytes.length + " bytes");
                return 0;
            }
            ObjectNode figures = new ObjectMapper().createObjectNode();
            figures.put("seed", seed);
            if (!tested) {
                figures.put("train", name(train));
                folds(encoder, toTrain.orElseThrow(), figures);
            } else {
                figures.put("train", trained ? name(train) : "shipped").put("test", name(test));
                LengthData data = toTest.orElseThrow();
                WarmFactor warm = toTrain.isPresent() ? warm(encoder, toTrain.orElseThrow()) : shippedWithout(data);
                List<Probe> probes = probes(encoder, warm, data);
                curves(warm, data, probes, figures);
                PredictionTime.measure(encoder, warm, data, probes).report(figures.putObject("prediction_64_tokens"));
            }
            Path file = out.resolve("length.json");
            FigureFile.write(file, figures);
            System.out.println("figures: " + file);
        }
        return 0;
    }

    private void check() {
        if (labels.isEmpty() || labels.stream().anyMatch(count -> count < 0)) {
            throw wrong("--labels must be 0 or more: "
                    + labels.stream().map(String::valueOf).collect(Collectors.joining(",")));
        }
        if (draws < 1) {
            throw wrong("--draws must be 1 or more: " + draws);
        }
        if (networks < 0) {
            throw wrong("--networks must be 0 or more: " + networks);
        }
        if (!warmFile.toString().isEmpty() && train.toString().isEmpty()) {
            throw wrong("--write-warm-factor wants --train DIR to train on");
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** Rejects data of which no model has enough prompts left beside any of the wanted labels. */
    private void learnable(Path folder, LengthData data) {
        int most =
                IntStream.range(0, data.models().size()).map(data::known).max().orElse(0);
        int fewest = Collections.min(labels);
        if (most < fewest + Accuracy.FEWEST) {
            throw new BadInput(folder + ": no model has the " + (fewest + Accuracy.FEWEST) + " lengths that --labels "
                    + fewest + " and " + Accuracy.FEWEST + " to predict take, the most is " + most
                    + ": ask for fewer labels or add lengths");
        }
    }

    /** Names the folder itself: where it lies is one machine's. */
    private static String name(Path folder) {
        return folder.toAbsolutePath().normalize().getFileName().toString();
    }

    private void folds(PromptEncoder encoder, LengthData data, ObjectNode figures) throws IOException {
        WarmFactor warm = shippedWithout(data);
        List<Probe> probes = probes(encoder, warm, data);
        Folds folds = new Folds(data, probes, seed);
        Map<String, Accuracy> rows = new LinkedHashMap<>();
        System.out.printf(
                "%d prompts, %d models, five folds by prompt:%n",
                probes.size(), data.models().size());
        LengthTable.header();
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
            LengthTable.line(name, accuracy);
            accuracy.write(figures.putObject(name));
        });
        LengthTable.leftOut("", best, 0);
        System.out.printf("%n%-36s%10s%10s%n", "and gated networks, per model", "SPEARMAN", "WITHIN 90");
        double[] ranks = best.perModel();
        double[] covered = best.coverage();
        for (int model = 0; model < ranks.length; model++) {
            System.out.printf(
                    "%-36s%10s%10s%n",
                    data.models().get(model),
                    LengthTable.number("%.3f", ranks[model]),
                    LengthTable.number("%.1f%%", 100 * covered[model]));
        }
        best.writeCopula(figures.putArray("copula"));
        System.out.println();
        curves(warm, data, probes, figures);
        PredictionTime.measure(encoder, warm, data, probes).report(figures.putObject("prediction_64_tokens"));
    }

    private void curves(WarmFactor warm, LengthData data, List<Probe> probes, ObjectNode figures) {
        LearningCurve curve = new LearningCurve(data, probes, seed);
        Map<String, Supplier<LengthPredictor>> learners = new LinkedHashMap<>();
        learners.put("warm", () -> new ModelLearner(warm, true));
        learners.put("cold", () -> new ModelLearner(warm, false));
        learners.put("histogram", () -> new LengthHistogram(warm.data().offset(), 1));
        learners.put("tf_idf_ridge", () -> new TermRidge(warm.data().offset()));
        System.out.println(
                "models never seen, each alone, on its prompts without a label (cold: without the warm factor):");
        LengthTable.curveHeader();
        learners.forEach((name, learner) -> {
            ObjectNode points = figures.putObject("learning_curve_" + name);
            curve.measure(learner, labels.stream().distinct().sorted().toList(), draws)
                    .forEach((n, accuracies) -> LengthTable.point(name, n, accuracies, points));
        });
    }

    private WarmFactor warm(PromptEncoder encoder, LengthData data) {
        return WarmTraining.train(
                readings(encoder, data),
                data.prompts().stream()
                        .mapToLong(prompt -> WarmData.digest(prompt.text()))
                        .toArray(),
                data.logLengths(data.all()),
                seed);
    }

    /** What is predicted may not have taught the shipped factor. */
    private static WarmFactor shippedWithout(LengthData data) throws IOException {
        Set<Long> tested = data.prompts().stream()
                .map(prompt -> WarmData.digest(prompt.text()))
                .collect(Collectors.toSet());
        return WarmFactor.without(WarmFactorFile.shipped(), tested);
    }

    private static List<PromptReading> readings(PromptEncoder encoder, LengthData data) {
        return data.prompts().stream()
                .map(prompt -> encoder.read(prompt.text(), prompt.tokens()))
                .toList();
    }

    private static List<Probe> probes(PromptEncoder encoder, WarmFactor warm, LengthData data) {
        return readings(encoder, data).stream().map(warm::probe).toList();
    }
}
