package dev.littoral.bench.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.littoral.algorithms.routing.LengthForecast;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * How good the length predictor is: the probability of each vigintile of the predicted length (column), given the
 * vigintile of the actual one (row), as the length bench measured it.
 */
final class Copula {

    private static final int PARTS = 20;

    private final double[][] rows;

    Copula(double[][] rows) {
        if (rows.length != PARTS || Arrays.stream(rows).anyMatch(row -> row.length != PARTS)) {
            throw new IllegalArgumentException("a copula has " + PARTS + " rows of " + PARTS + " numbers");
        }
        this.rows = Arrays.stream(rows).map(double[]::clone).toArray(double[][]::new);
        for (double[] row : this.rows) {
            double sum = Arrays.stream(row).sum();
            if (!(Math.abs(sum - 1) < 1e-3) || Arrays.stream(row).anyMatch(value -> value < 0)) {
                throw new IllegalArgumentException("each row of a copula sums to 1, without negative numbers: " + sum);
            }
        }
    }

    /** Reads {@code {"matrix": [[...], ...]}}. */
    static Copula read(InputStream in) throws IOException {
        ObjectMapper json = new ObjectMapper();
        JsonNode tree = json.readTree(in);
        JsonNode matrix = tree.isArray() ? tree : tree.path("matrix");
        if (!matrix.isArray()) {
            throw new IllegalArgumentException("the field matrix is missing");
        }
        return new Copula(json.convertValue(matrix, double[][].class));
    }

    /**
     * Draws a forecast for each request: what the lengths of this trace are, given the predicted vigintile.
     *
     * @param lengths of the answers, in tokens
     */
    List<LengthForecast> forecasts(double[] lengths, SplittableRandom random) {
        int count = lengths.length;
        double[] noise = random.doubles(count).toArray();
        Integer[] byLength = IntStream.range(0, count).boxed().toArray(Integer[]::new);
        Arrays.sort(byLength, (one, other) -> {
            int order = Double.compare(lengths[one], lengths[other]);
            return order == 0 ? Double.compare(noise[one], noise[other]) : order;
        });
        int[] actual = new int[count];
        for (int rank = 0; rank < count; rank++) {
            actual[byLength[rank]] = (int) ((long) rank * PARTS / count);
        }
        double[] sorted = Arrays.stream(lengths).sorted().toArray();
        List<LengthForecast> byPrediction =
                IntStream.range(0, PARTS).mapToObj(part -> given(part, sorted)).toList();
        List<LengthForecast> forecasts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            forecasts.add(byPrediction.get(draw(rows[actual[i]], random.nextDouble())));
        }
        return forecasts;
    }

    private LengthForecast given(int predicted, double[] sorted) {
        double[] weight = new double[sorted.length];
        double all = 0;
        double mean = 0;
        for (int rank = 0; rank < sorted.length; rank++) {
            weight[rank] = rows[(int) ((long) rank * PARTS / sorted.length)][predicted];
            all += weight[rank];
            mean += weight[rank] * sorted[rank];
        }
        return new LengthForecast(mean / all, quantile(sorted, weight, 0.5 * all), quantile(sorted, weight, 0.9 * all));
    }

    private static double quantile(double[] sorted, double[] weight, double until) {
        double sum = 0;
        for (int rank = 0; rank < sorted.length; rank++) {
            sum += weight[rank];
            if (sum >= until) {
                return sorted[rank];
            }
        }
        return sorted[sorted.length - 1];
    }

    private static int draw(double[] row, double uniform) {
        double sum = 0;
        for (int part = 0; part < row.length; part++) {
            sum += row[part];
            if (uniform < sum) {
                return part;
            }
        }
        return row.length - 1;
    }
}
