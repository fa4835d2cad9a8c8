package dev.littoral.bench.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** The same figure of two sides, tokens per second, measured in turns. */
record Comparison(List<Double> left, List<Double> right) {

    /** Gives the one in the middle, the upper of two. */
    static double median(List<Double> figures) {
        List<Double> sorted = figures.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    /** Writes the median with the least and the most. */
    static String text(List<Double> figures, String format) {
        return String.format(
                Locale.ROOT,
                format,
                median(figures),
                figures.stream().mapToDouble(x -> x).min().orElse(0),
                figures.stream().mapToDouble(x -> x).max().orElse(0));
    }

    String leftText() {
        return text(left, "%.1f (%.0f-%.0f) t/s");
    }

    String rightText() {
        return text(right, "%.1f (%.0f-%.0f) t/s");
    }

    double leftMedian() {
        return median(left);
    }

    /** Median of the ratios of each turn, so that what slows both down does not count. */
    double ratio() {
        return median(IntStream.range(0, left.size())
                .mapToObj(i -> left.get(i) / right.get(i))
                .toList());
    }

    void put(ObjectNode json, String leftName, String rightName) {
        json.put("ratio", ratio());
        left.forEach(json.putArray(leftName)::add);
        right.forEach(json.putArray(rightName)::add);
    }
}
