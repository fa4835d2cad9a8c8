package dev.littoral.bench.length;

import dev.littoral.algorithms.length.FleetPredictor;
import dev.littoral.algorithms.length.Label;
import dev.littoral.algorithms.length.LengthForecast;
import dev.littoral.algorithms.length.LengthPredictor;
import dev.littoral.algorithms.length.Probe;
import dev.littoral.algorithms.length.Question;
import dev.littoral.algorithms.length.WarmFactor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Five folds by prompt: no length of a prompt that is predicted was seen in training, of no model. */
final class Folds {

    private static final int FOLDS = 5;
    private static final double MISS = 0.1;

    private final LengthData data;
    private final List<Probe> probes;
    private final int[] fold;

    Folds(LengthData data, List<Probe> probes, long seed) {
        this.data = data;
        this.probes = probes;
        int[] order = data.all();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = order.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
        fold = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            fold[order[i]] = i % FOLDS;
        }
    }

    /**
     * Trains on all models at once.
     *
     * @return with the processes alone, and averaged with so many gated networks
     */
    List<Accuracy> fleet(WarmFactor warm, int networks, long seed) {
        List<double[][]> median = List.of(empty(), empty());
        List<double[][]> upper = List.of(empty(), empty());
        IntStream.range(0, FOLDS).parallel().forEach(k -> {
            int[] train = chosen(k, false);
            FleetPredictor predictor = FleetPredictor.train(
                    warm, Arrays.stream(train).mapToObj(probes::get).toList(), data.logLengths(train), networks, seed);
            for (int i : chosen(k, true)) {
                List<double[]> predicted =
                        List.of(predictor.logMediansOfProcesses(probes.get(i)), predictor.logMedians(probes.get(i)));
                for (int kind = 0; kind < predicted.size(); kind++) {
                    for (int model = 0; model < data.models().size(); model++) {
                        double log = predicted.get(kind)[model];
                        median.get(kind)[i][model] = Math.expm1(log);
                        // the errors behind the margin are those of the processes
                        upper.get(kind)[i][model] = Math.expm1(
                                Math.max(log, predicted.getFirst()[model] + predictor.logMargin(model, MISS)));
                    }
                }
            }
        });
        return IntStream.range(0, median.size())
                .mapToObj(kind -> new Accuracy(data.models(), data.tokens(), median.get(kind), upper.get(kind)))
                .toList();
    }

    /** Trains one predictor per model. */
    Accuracy perModel(Supplier<LengthPredictor> predictors) {
        double[][] median = empty();
        double[][] upper = empty();
        IntStream.range(0, FOLDS * data.models().size()).parallel().forEach(job -> {
            int k = job % FOLDS;
            int model = job / FOLDS;
            LengthPredictor predictor = predictors.get();
            int[] answered = Arrays.stream(chosen(k, false))
                    .filter(i -> !Double.isNaN(data.tokens()[i][model]))
                    .toArray();
            predictor.observeAll(
                    Arrays.stream(answered).mapToObj(this::question).toList(),
                    Arrays.stream(answered)
                            .mapToObj(i -> (Label) new Label.Ended((int) data.tokens()[i][model]))
                            .toList());
            for (int i : chosen(k, true)) {
                LengthForecast forecast = predictor.predict(question(i), Double.POSITIVE_INFINITY);
                median[i][model] = forecast.medianTokens();
                upper[i][model] = forecast.upper90Tokens();
            }
        });
        return new Accuracy(data.models(), data.tokens(), median, upper);
    }

    /** Knows the lengths. */
    Accuracy clairvoyant() {
        return new Accuracy(data.models(), data.tokens(), data.tokens(), data.tokens());
    }

    private Question question(int prompt) {
        LengthData.Prompt asked = data.prompts().get(prompt);
        return new Question(asked.text(), asked.tokens(), Optional.of(probes.get(prompt)));
    }

    private int[] chosen(int k, boolean test) {
        return IntStream.range(0, fold.length)
                .filter(i -> (fold[i] == k) == test)
                .toArray();
    }

    private double[][] empty() {
        double[][] table = new double[fold.length][data.models().size()];
        Arrays.stream(table).forEach(row -> Arrays.fill(row, Double.NaN));
        return table;
    }
}
