package dev.littoral.bench.length;

import dev.littoral.algorithms.length.Label;
import dev.littoral.algorithms.length.LengthForecast;
import dev.littoral.algorithms.length.LengthPredictor;
import dev.littoral.algorithms.length.Probe;
import dev.littoral.algorithms.length.Question;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** How well a model that was never seen is predicted after its first labels; each model learns alone. */
final class LearningCurve {

    private final LengthData data;
    private final List<Probe> probes;
    private final long seed;

    LearningCurve(LengthData data, List<Probe> probes, long seed) {
        this.data = data;
        this.probes = probes;
        this.seed = seed;
    }

    /**
     * Measures.
     *
     * @param labels numbers of labels, ascending
     * @param predictors one for each model
     * @return per number of labels, the accuracy on the prompts without a label, one per draw of them
     */
    Map<Integer, List<Accuracy>> measure(Supplier<LengthPredictor> predictors, List<Integer> labels, int draws) {
        Map<Integer, List<Accuracy>> curve = new LinkedHashMap<>();
        for (int draw = 0; draw < draws; draw++) {
            int[] order = order(draw);
            List<double[][]> medians = labels.stream().map(n -> empty()).toList();
            List<double[][]> uppers = labels.stream().map(n -> empty()).toList();
            IntStream.range(0, data.models().size()).parallel().forEach(model -> {
                int[] answered = Arrays.stream(order)
                        .filter(i -> !Double.isNaN(data.tokens()[i][model]))
                        .toArray();
                LengthPredictor learner = predictors.get();
                int learned = 0;
                for (int step = 0; step < labels.size(); step++) {
                    int wanted = labels.get(step);
                    if (wanted > answered.length - Accuracy.FEWEST) {
                        return;
                    }
                    learn(learner, answered, learned, wanted, model);
                    learned = wanted;
                    for (int k = wanted; k < answered.length; k++) {
                        int i = answered[k];
                        LengthForecast forecast = learner.predict(question(i), Double.POSITIVE_INFINITY);
                        medians.get(step)[i][model] = forecast.medianTokens();
                        uppers.get(step)[i][model] = forecast.upper90Tokens();
                    }
                }
            });
            for (int step = 0; step < labels.size(); step++) {
                curve.computeIfAbsent(labels.get(step), n -> new ArrayList<>())
                        .add(new Accuracy(data.models(), data.tokens(), medians.get(step), uppers.get(step)));
            }
        }
        return curve;
    }

    private void learn(LengthPredictor learner, int[] answered, int from, int to, int model) {
        int[] now = Arrays.copyOfRange(answered, from, to);
        learner.observeAll(
                Arrays.stream(now).mapToObj(this::question).toList(),
                Arrays.stream(now)
                        .mapToObj(i -> (Label) new Label.Ended((int) data.tokens()[i][model]))
                        .toList());
    }

    private Question question(int prompt) {
        LengthData.Prompt asked = data.prompts().get(prompt);
        return new Question(asked.text(), asked.tokens(), Optional.of(probes.get(prompt)));
    }

    private int[] order(int draw) {
        SplittableRandom random = new SplittableRandom(seed + draw);
        int[] order = data.all();
        for (int i = order.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
        return order;
    }

    private double[][] empty() {
        double[][] table = new double[data.prompts().size()][data.models().size()];
        Arrays.stream(table).forEach(row -> Arrays.fill(row, Double.NaN));
        return table;
    }
}
