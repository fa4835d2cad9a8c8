package dev.littoral.algorithms.length;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Ridge regression of log lengths on the prompt's words, weighted by their rarity (TF-IDF); a baseline. Every tenth part
 * more of answers it fits anew.
 */
public final class TermRidge implements LengthPredictor {

    private static final double RIDGE = 1;
    private static final double UPPER = 1.2816;

    private final List<Map<String, Double>> prompts = new ArrayList<>();
    private final List<Double> lengths = new ArrayList<>();
    private final Map<String, Integer> documents = new HashMap<>();
    private final Map<String, Double> weights = new HashMap<>();
    private double mean;
    private double deviation = 1;
    private int fitted;

    /** Starts with a guess for the time before the first answer. */
    public TermRidge(double logMean) {
        mean = logMean;
    }

    @Override
    public LengthForecast predict(Question question, double capTokens) {
        if (fitted * 10 < prompts.size() * 9) {
            fit();
        }
        double sum = mean;
        for (Map.Entry<String, Double> term : weighted(terms(question.text())).entrySet()) {
            sum += term.getValue() * weights.getOrDefault(term.getKey(), 0.0);
        }
        return new LengthForecast(
                Math.min(capTokens, Math.expm1(sum + deviation * deviation / 2)),
                Math.min(capTokens, Math.expm1(sum)),
                Math.min(capTokens, Math.expm1(sum + UPPER * deviation)),
                LengthForecast.Source.RULE);
    }

    @Override
    public void observe(Question question, Label label) {
        Map<String, Double> terms = terms(question.text());
        terms.keySet().forEach(term -> documents.merge(term, 1, Integer::sum));
        prompts.add(terms);
        lengths.add(Math.log1p(label.tokens()));
    }

    private void fit() {
        int n = prompts.size();
        fitted = n;
        mean = lengths.stream().mapToDouble(Double::doubleValue).average().orElse(mean);
        List<Map<String, Double>> rows = prompts.stream().map(this::weighted).toList();
        double[][] system = new double[n][];
        Map<String, List<double[]>> postings = new HashMap<>();
        for (int i = 0; i < n; i++) {
            int row = i;
            rows.get(i)
                    .forEach((term, weight) -> postings.computeIfAbsent(term, key -> new ArrayList<>())
                            .add(new double[] {row, weight}));
        }
        for (int i = 0; i < n; i++) {
            system[i] = new double[i + 1];
            system[i][i] = RIDGE;
        }
        for (List<double[]> posting : postings.values()) {
            for (double[] a : posting) {
                for (double[] b : posting) {
                    if (b[0] <= a[0]) {
                        system[(int) a[0]][(int) b[0]] += a[1] * b[1];
                    }
                }
            }
        }
        double[] rest = lengths.stream().mapToDouble(length -> length - mean).toArray();
        double[] duals = Cholesky.of(system).solve(rest);
        weights.clear();
        for (int i = 0; i < n; i++) {
            for (Map.Entry<String, Double> term : rows.get(i).entrySet()) {
                weights.merge(term.getKey(), duals[i] * term.getValue(), Double::sum);
            }
        }
        deviation = Math.sqrt(Arrays.stream(rest).map(r -> r * r).average().orElse(1));
    }

    private static Map<String, Double> terms(String text) {
        List<String> words = Cues.words(text);
        Map<String, Double> terms = new HashMap<>();
        for (int i = 0; i < words.size(); i++) {
            terms.merge(words.get(i), 1.0, Double::sum);
            if (i > 0) {
                terms.merge(words.get(i - 1) + " " + words.get(i), 1.0, Double::sum);
            }
        }
        return terms;
    }

    private Map<String, Double> weighted(Map<String, Double> terms) {
        Map<String, Double> row = new HashMap<>();
        double squares = 0;
        for (Map.Entry<String, Double> term : terms.entrySet()) {
            double rarity = Math.log((1.0 + prompts.size()) / (1 + documents.getOrDefault(term.getKey(), 0))) + 1;
            double weight = (1 + Math.log(term.getValue())) * rarity;
            squares += weight * weight;
            row.put(term.getKey(), weight);
        }
        double norm = Math.max(1e-12, Math.sqrt(squares));
        row.replaceAll((term, weight) -> weight / norm);
        return row;
    }
}
