package dev.littoral.algorithms.length;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The head of LAS: gates {@code s = sigmoid(W2 relu(W1 [z; f]))} on the encoder's states {@code z} by the cues {@code f},
 * and on {@code [z s; f]} a median that all models share with a slope, an offset and a small deviation of each, and a
 * gap to the 90 % quantile; pinball loss. The modulation by length-sensitive features is the paper's idea; its form, and
 * the recipe of training (dropout on the inputs, AdamW, one cycle of the learning rate), are ours.
 */
final class GatedNetwork {

    private static final int HIDDEN = 32;
    private static final int EPOCHS = 60;
    private static final int BATCH = 64;
    private static final double DROPOUT = 0.65;
    private static final double RATE = 2e-3;
    private static final double DECAY = 0.03;
    private static final double SCALE = 4;
    private static final float DEVIATION = 0.3f;
    private static final double WARM_UP = 0.3;

    private final int width;
    private final int gated;
    private final int models;
    private final Weights inner;
    private final Weights innerBias;
    private final Weights gates;
    private final Weights gateBias;
    private final Weights heads;
    private final Weights headBias;
    private final Weights deviations;
    private final Weights perModel;
    private double mean;
    private double spread = 1;

    private GatedNetwork(int models, SplittableRandom random) {
        this.models = models;
        gated = 3 * PromptReading.STATE;
        width = PromptReading.size();
        double bound = 1 / Math.sqrt(width);
        double hiddenBound = 1 / Math.sqrt(HIDDEN);
        inner = new Weights(HIDDEN, width, 1, DECAY).drawn(random, bound);
        innerBias = new Weights(1, HIDDEN, 1, DECAY).drawn(random, bound);
        gates = new Weights(HIDDEN, gated, 1, DECAY).drawn(random, hiddenBound);
        gateBias = new Weights(1, gated, 1, DECAY).drawn(random, hiddenBound);
        heads = new Weights(2, width, 1, DECAY);
        headBias = new Weights(1, 2, 1, DECAY).drawn(random, bound);
        deviations = new Weights(models, width, DEVIATION, 5 * DECAY);
        perModel = new Weights(3, models, 1, DECAY);
    }

    /**
     * Trains a network.
     *
     * @param features per prompt
     * @param logLengths per prompt and model, {@code NaN} where none is known
     */
    static GatedNetwork train(List<Features> features, double[][] logLengths, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        GatedNetwork network = new GatedNetwork(logLengths[0].length, random);
        float[][] targets = network.standardise(logLengths);
        float[][] inputs = features.stream().map(GatedNetwork::input).toArray(float[][]::new);
        int[] order = new int[inputs.length];
        Arrays.setAll(order, i -> i);
        int perEpoch = (order.length + BATCH - 1) / BATCH;
        int steps = EPOCHS * perEpoch;
        for (int step = 0; step < steps; step++) {
            int batch = step % perEpoch;
            if (batch == 0) {
                shuffle(order, random);
            }
            int[] members = Arrays.copyOfRange(order, batch * BATCH, Math.min(order.length, (batch + 1) * BATCH));
            network.learn(inputs, targets, members, random);
            network.step(rate(step, steps));
        }
        return network;
    }

    /** Predicts the median of log lengths, per model. */
    double[] medians(Features features) {
        Pass pass = forward(input(features));
        double[] medians = new double[models];
        Arrays.setAll(medians, model -> mean + spread * pass.median(model));
        return medians;
    }

    private static float[] input(Features features) {
        float[] numbers = FeatureScale.numbers(features);
        int state = PromptReading.STATE;
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] *= (float) (SCALE / Math.sqrt(i < 3 * state ? state : numbers.length - 3 * state));
        }
        return numbers;
    }

    private float[][] standardise(double[][] logLengths) {
        double[] known = Arrays.stream(logLengths)
                .flatMapToDouble(Arrays::stream)
                .filter(length -> !Double.isNaN(length))
                .toArray();
        mean = Arrays.stream(known).average().orElseThrow();
        spread = Math.max(
                1e-6,
                Math.sqrt(Arrays.stream(known)
                        .map(length -> (length - mean) * (length - mean))
                        .average()
                        .orElseThrow()));
        float[][] targets = new float[logLengths.length][models];
        for (int i = 0; i < targets.length; i++) {
            for (int j = 0; j < models; j++) {
                targets[i][j] = (float) ((logLengths[i][j] - mean) / spread);
            }
        }
        for (int j = 0; j < models; j++) {
            int model = j;
            perModel.values[0][j] = (float) Arrays.stream(targets)
                    .mapToDouble(row -> row[model])
                    .filter(target -> !Double.isNaN(target))
                    .average()
                    .orElse(0);
            perModel.values[1][j] = 1;
        }
        return targets;
    }

    private void learn(float[][] inputs, float[][] targets, int[] members, SplittableRandom random) {
        int known = 0;
        for (int member : members) {
            for (float target : targets[member]) {
                known += Float.isNaN(target) ? 0 : 1;
            }
        }
        float weight = 1f / Math.max(1, known);
        for (int member : members) {
            float[] input = inputs[member].clone();
            for (int i = 0; i < input.length; i++) {
                input[i] = random.nextDouble() < DROPOUT ? 0 : input[i] / (float) (1 - DROPOUT);
            }
            backward(forward(input), targets[member], weight);
        }
    }

    private void step(double rate) {
        for (Weights weights :
                new Weights[] {inner, innerBias, gates, gateBias, heads, headBias, deviations, perModel}) {
            weights.step(rate);
        }
    }

    /** One prompt on its way through the network. */
    private final class Pass {

        private final float[] input;
        private final float[] hidden = new float[HIDDEN];
        private final float[] open = new float[gated];
        private final float[] modulated;
        private float factor;
        private float gap;
        private final float[] own = new float[models];

        private Pass(float[] input) {
            this.input = input;
            modulated = input.clone();
        }

        private float median(int model) {
            return perModel.values[0][model] + perModel.values[1][model] * factor + DEVIATION * own[model];
        }
    }

    private Pass forward(float[] input) {
        Pass pass = new Pass(input);
        System.arraycopy(gateBias.values[0], 0, pass.open, 0, gated);
        for (int k = 0; k < HIDDEN; k++) {
            pass.hidden[k] = Math.max(0, Vectors.dot(inner.values[k], input) + innerBias.values[0][k]);
            if (pass.hidden[k] > 0) {
                Vectors.add(pass.open, pass.hidden[k], gates.values[k]);
            }
        }
        for (int i = 0; i < gated; i++) {
            pass.open[i] = (float) (1 / (1 + Math.exp(-pass.open[i])));
            pass.modulated[i] *= pass.open[i];
        }
        pass.factor = Vectors.dot(heads.values[0], pass.modulated) + headBias.values[0][0];
        pass.gap = Vectors.dot(heads.values[1], pass.modulated) + headBias.values[0][1];
        for (int model = 0; model < models; model++) {
            pass.own[model] = Vectors.dot(deviations.values[model], pass.modulated);
        }
        return pass;
    }

    private void backward(Pass pass, float[] targets, float weight) {
        float[] ofModulated = new float[width];
        float ofFactor = 0;
        float ofGap = 0;
        for (int model = 0; model < models; model++) {
            if (Float.isNaN(targets[model])) {
                continue;
            }
            float median = pass.median(model);
            float raw = pass.gap + perModel.values[2][model];
            float upper = median + (float) Math.log1p(Math.exp(Math.min(raw, 30)));
            float below = targets[model] > upper ? -0.9f : 0.1f;
            float ofMedian = weight * ((targets[model] > median ? -0.5f : 0.5f) + below);
            float ofRaw = weight * below * (float) (1 / (1 + Math.exp(-raw)));
            ofFactor += ofMedian * perModel.values[1][model];
            ofGap += ofRaw;
            perModel.gradients[0][model] += ofMedian;
            perModel.gradients[1][model] += ofMedian * pass.factor;
            perModel.gradients[2][model] += ofRaw;
            Vectors.add(deviations.gradients[model], DEVIATION * ofMedian, pass.modulated);
            Vectors.add(ofModulated, DEVIATION * ofMedian, deviations.values[model]);
        }
        Vectors.add(heads.gradients[0], ofFactor, pass.modulated);
        Vectors.add(heads.gradients[1], ofGap, pass.modulated);
        headBias.gradients[0][0] += ofFactor;
        headBias.gradients[0][1] += ofGap;
        Vectors.add(ofModulated, ofFactor, heads.values[0]);
        Vectors.add(ofModulated, ofGap, heads.values[1]);
        float[] ofOpen = new float[gated];
        for (int i = 0; i < gated; i++) {
            ofOpen[i] = ofModulated[i] * pass.input[i] * pass.open[i] * (1 - pass.open[i]);
        }
        Vectors.add(gateBias.gradients[0], 1, ofOpen);
        for (int k = 0; k < HIDDEN; k++) {
            if (pass.hidden[k] > 0) {
                Vectors.add(gates.gradients[k], pass.hidden[k], ofOpen);
                float ofHidden = Vectors.dot(gates.values[k], ofOpen);
                innerBias.gradients[0][k] += ofHidden;
                Vectors.add(inner.gradients[k], ofHidden, pass.input);
            }
        }
    }

    /** One cycle: up to the full rate along a cosine, then down to nearly nothing. */
    private static double rate(int step, int steps) {
        double up = WARM_UP * steps;
        return step < up
                ? between(RATE / 25, RATE, step / up)
                : between(RATE, RATE / 250_000, (step - up) / Math.max(1, steps - up));
    }

    private static double between(double from, double to, double share) {
        return to + (from - to) * (1 + Math.cos(Math.PI * share)) / 2;
    }

    private static void shuffle(int[] order, SplittableRandom random) {
        for (int i = order.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
    }
}
