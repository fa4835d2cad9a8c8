package dev.littoral.bench.length;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Predicted medians and upper bounds beside the actual lengths, each per prompt and model; {@code NaN} is left out. */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record Accuracy(List<String> models, double[][] actual, double[][] median, double[][] upper) {

    private static final int VIGINTILES = 20;

    /** Lengths of a model from which its rank correlation and its coverage are told. */
    static final int FEWEST = 3;

    /**
     * Names the models with so few predicted lengths that neither rank nor coverage of them says anything; no aggregate
     * knows them.
     */
    List<String> tooFew() {
        return IntStream.range(0, models.size())
                .filter(model -> !enough(model))
                .mapToObj(models::get)
                .toList();
    }

    /** Names the models whose lengths are all the same: they have no rank, and the mean of ranks leaves them out. */
    List<String> constant() {
        return IntStream.range(0, models.size())
                .filter(model -> enough(model)
                        && Arrays.stream(column(actual, model)).distinct().count() == 1)
                .mapToObj(models::get)
                .toList();
    }

    /** Gives Spearman's rank correlation of each model; {@code NaN} where there is none. */
    double[] perModel() {
        return IntStream.range(0, models.size())
                .mapToDouble(model -> spearman(column(median, model), column(actual, model)))
                .toArray();
    }

    double meanPerModel() {
        return Arrays.stream(perModel()).filter(r -> !Double.isNaN(r)).average().orElse(Double.NaN);
    }

    double pooled() {
        return spearman(all(median), all(actual));
    }

    /** Gives the coverages of the models that have one. */
    double[] coverages() {
        return Arrays.stream(coverage()).filter(share -> !Double.isNaN(share)).toArray();
    }

    /** Gives the share of lengths within the upper bound of each model; {@code NaN} where too few are known. */
    double[] coverage() {
        return IntStream.range(0, models.size())
                .mapToDouble(model -> {
                    if (!enough(model)) {
                        return Double.NaN;
                    }
                    double[] lengths = column(actual, model);
                    double[] bounds = column(upper, model);
                    return IntStream.range(0, lengths.length)
                                    .filter(i -> lengths[i] <= bounds[i])
                                    .count()
                            / (double) lengths.length;
                })
                .toArray();
    }

    /** Gives the mean pinball loss in log tokens. */
    double pinball(double quantile) {
        double[] lengths = all(actual);
        double[] predicted = all(quantile == 0.5 ? median : upper);
        return IntStream.range(0, lengths.length)
                .mapToDouble(i -> Math.log1p(lengths[i]) - Math.log1p(predicted[i]))
                .map(error -> Math.max(quantile * error, (quantile - 1) * error))
                .average()
                .orElse(Double.NaN);
    }

    void write(ObjectNode figures) {
        double[] ranks = perModel();
        double[] covered = coverage();
        double[] known = coverages();
        figures.put("spearman_mean_per_model", meanPerModel())
                .put("spearman_pooled", pooled())
                .put("pinball_50_log_tokens", pinball(0.5))
                .put("pinball_90_log_tokens", pinball(0.9))
                .put("coverage_90_least", Arrays.stream(known).min().orElse(Double.NaN))
                .put("coverage_90_most", Arrays.stream(known).max().orElse(Double.NaN));
        tooFew().forEach(figures.putArray("models_left_out")::add);
        constant().forEach(figures.putArray("models_of_constant_length")::add);
        ObjectNode perModel = figures.putObject("models");
        for (int model = 0; model < models.size(); model++) {
            perModel.putObject(models.get(model)).put("spearman", ranks[model]).put("coverage_90", covered[model]);
        }
    }

    /** Counts, per vigintile of the actual length within its model, the vigintiles of the predicted one. */
    void writeCopula(ArrayNode matrix) {
        double[][] counts = new double[VIGINTILES][VIGINTILES];
        for (int model = 0; model < models.size(); model++) {
            double[] a = ranks(column(actual, model));
            double[] p = ranks(column(median, model));
            for (int i = 0; i < a.length; i++) {
                counts[vigintile(a[i], a.length)][vigintile(p[i], a.length)]++;
            }
        }
        for (double[] row : counts) {
            double sum = Math.max(1, Arrays.stream(row).sum());
            ArrayNode line = matrix.addArray();
            Arrays.stream(row).forEach(count -> line.add(Math.round(count / sum * 1e5) / 1e5));
        }
    }

    /**
     * Gives the rank correlation of predicted and actual numbers.
     *
     * @return 0 where all that is predicted is the same, {@code NaN} where all that is actual is, or fewer than three are
     */
    static double spearman(double[] predicted, double[] actual) {
        return actual.length < FEWEST || Arrays.stream(actual).distinct().count() == 1
                ? Double.NaN
                : correlation(ranks(predicted), ranks(actual));
    }

    private boolean enough(int model) {
        return IntStream.range(0, actual.length).filter(i -> known(i, model)).count() >= FEWEST;
    }

    private static int vigintile(double rank, int count) {
        return Math.min(VIGINTILES - 1, (int) (VIGINTILES * rank / count));
    }

    /** Ranks from 0, ties sharing their mean. */
    private static double[] ranks(double[] values) {
        int[] order = IntStream.range(0, values.length)
                .boxed()
                .sorted((x, y) -> Double.compare(values[x], values[y]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] ranks = new double[values.length];
        for (int from = 0; from < order.length; ) {
            int to = from;
            while (to < order.length && values[order[to]] == values[order[from]]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                ranks[order[i]] = (from + to - 1) / 2.0;
            }
            from = to;
        }
        return ranks;
    }

    private static double correlation(double[] a, double[] b) {
        double meanA = Arrays.stream(a).average().orElseThrow();
        double meanB = Arrays.stream(b).average().orElseThrow();
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }
        return aa * bb == 0 ? 0 : ab / Math.sqrt(aa * bb);
    }

    private double[] column(double[][] values, int model) {
        return IntStream.range(0, actual.length)
                .filter(i -> known(i, model))
                .mapToDouble(i -> values[i][model])
                .toArray();
    }

    private double[] all(double[][] values) {
        return IntStream.range(0, models.size())
                .mapToObj(model -> column(values, model))
                .flatMapToDouble(DoubleStream::of)
                .toArray();
    }

    private boolean known(int prompt, int model) {
        return !Double.isNaN(actual[prompt][model]) && !Double.isNaN(median[prompt][model]);
    }
}
