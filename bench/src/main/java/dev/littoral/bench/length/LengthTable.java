package dev.littoral.bench.length;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** The lines that are printed; what no model has is a dash, and whoever is left out is named. */
final class LengthTable {

    private LengthTable() {}

    static void curveHeader() {
        System.out.printf("%-14s%8s%10s%10s%12s%12s%n", "", "LABELS", "PER MODEL", "POOLED", "WITHIN 90", "LEAST-MOST");
    }

    static void point(String name, int labels, List<Accuracy> draws, ObjectNode points) {
        double perModel = mean(draws.stream().mapToDouble(Accuracy::meanPerModel));
        double pooled = mean(draws.stream().mapToDouble(Accuracy::pooled));
        double[] covered = draws.stream()
                .flatMapToDouble(a -> Arrays.stream(a.coverages()))
                .toArray();
        double mean = Arrays.stream(covered).average().orElse(Double.NaN);
        double least = Arrays.stream(covered).min().orElse(Double.NaN);
        double most = Arrays.stream(covered).max().orElse(Double.NaN);
        System.out.printf(
                "%-14s%8d%10s%10s%12s%12s%n",
                name,
                labels,
                number("%.3f", perModel),
                number("%.3f", pooled),
                number("%.1f%%", 100 * mean),
                covered.length == 0 ? "-" : String.format(Locale.ROOT, "%.1f-%.1f", 100 * least, 100 * most));
        leftOut("  ", draws.getFirst(), labels);
        ObjectNode figures = points.putObject(Integer.toString(labels));
        draws.getFirst().write(figures.putObject("first_draw"));
        figures.put("spearman_mean_per_model", perModel)
                .put("spearman_pooled", pooled)
                .put("coverage_90_mean", mean)
                .put("coverage_90_least", least)
                .put("coverage_90_most", most);
    }

    private static double mean(DoubleStream values) {
        return values.filter(value -> !Double.isNaN(value)).average().orElse(Double.NaN);
    }

    static String number(String format, double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }

    /** Names the models that the line above knows nothing of. */
    static void leftOut(String indent, Accuracy accuracy, int labels) {
        if (!accuracy.tooFew().isEmpty()) {
            System.out.printf(
                    "%sleft out, fewer than %d lengths: %s%n",
                    indent, labels + Accuracy.FEWEST, String.join(", ", accuracy.tooFew()));
        }
        if (!accuracy.constant().isEmpty()) {
            System.out.printf(
                    "%snot in the mean per model, all lengths the same: %s%n",
                    indent, String.join(", ", accuracy.constant()));
        }
    }

    static void header() {
        System.out.printf(
                "%-28s%10s%10s%12s%12s%16s%n",
                "", "PER MODEL", "POOLED", "PINBALL .5", "PINBALL .9", "WITHIN 90 BOUND");
    }

    static void line(String name, Accuracy accuracy) {
        double[] covered = accuracy.coverages();
        System.out.printf(
                "%-28s%10s%10s%12s%12s%16s%n",
                name,
                number("%.3f", accuracy.meanPerModel()),
                number("%.3f", accuracy.pooled()),
                number("%.3f", accuracy.pinball(0.5)),
                number("%.3f", accuracy.pinball(0.9)),
                covered.length == 0
                        ? "-"
                        : String.format(
                                Locale.ROOT,
                                "%.1f-%.1f%%",
                                100 * Arrays.stream(covered).min().orElseThrow(),
                                100 * Arrays.stream(covered).max().orElseThrow()));
    }
}
