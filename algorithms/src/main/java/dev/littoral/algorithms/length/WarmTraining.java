package dev.littoral.algorithms.length;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Trains a warm factor on prompts and on the lengths that several models answered. */
public final class WarmTraining {

    private static final int DIRECTIONS = 192;
    private static final int ROUNDS = 12;
    private static final int RESIDUALS = 41;
    private static final float STEPS = 127;

    /** By how much a guessed log length moves the factor: people guess the order of requests better than the ratio. */
    private static final double FACTOR_PER_LOG_TOKEN = 0.9;

    /**
     * A made-up request, and how many tokens its writer expects of an answer.
     *
     * @param digest see {@link WarmData#digest}
     * @param tokens at least 1
     */
    public record Guess(PromptReading reading, long digest, double tokens) {

        /** Rejects fewer than one token. */
        public Guess {
            if (!(tokens >= 1 && tokens < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("an answer is guessed to have at least one token, not " + tokens);
            }
        }
    }

    private WarmTraining() {}

    /**
     * Trains. The scale of features is that of the measured prompts alone.
     *
     * @param readings per prompt
     * @param digests per prompt, see {@link WarmData#digest}
     * @param logLengths per prompt and model, {@code NaN} where none is known; every prompt and model has one
     * @param guesses for requests of kinds that the prompts may lack; may be empty
     * @param seed of the search for the directions
     */
    public static WarmFactor train(
            List<PromptReading> readings, long[] digests, double[][] logLengths, List<Guess> guesses, long seed) {
        SharedFactor factor = SharedFactor.fit(logLengths);
        double offset = Arrays.stream(factor.offsets()).average().orElseThrow();
        FeatureScale scale = FeatureScale.of(readings);
        float[][] rows = Stream.concat(readings.stream(), guesses.stream().map(Guess::reading))
                .map(reading -> Similarity.scaled(scale.standardise(reading)))
                .toArray(float[][]::new);
        float[][] directions = directions(rows, Math.min(DIRECTIONS, rows.length - 1), seed);
        byte[][] directionBytes = new byte[directions.length][];
        float[] directionSteps = new float[directions.length];
        for (int i = 0; i < directions.length; i++) {
            directionSteps[i] = step(directions[i]);
            directionBytes[i] = bytes(directions[i], directionSteps[i]);
        }
        float[][] projected = new float[rows.length][directions.length];
        float pointStep = 0;
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < directions.length; j++) {
                projected[i][j] = Vectors.dot(directions[j], rows[i]);
            }
            pointStep = Math.max(pointStep, step(projected[i]));
        }
        byte[][] points = new byte[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            points[i] = bytes(projected[i], pointStep);
        }
        int measured = readings.size();
        float[] factors = new float[rows.length];
        int[] labels = Arrays.copyOf(SharedFactor.labels(logLengths), rows.length);
        long[] allDigests = Arrays.copyOf(digests, rows.length);
        for (int i = 0; i < measured; i++) {
            factors[i] = (float) factor.factors()[i];
        }
        for (int i = 0; i < guesses.size(); i++) {
            Guess guess = guesses.get(i);
            factors[measured + i] = (float) (FACTOR_PER_LOG_TOKEN * (Math.log1p(guess.tokens()) - offset));
            allDigests[measured + i] = guess.digest();
        }
        WarmData data = new WarmData(
                scale,
                directionBytes,
                directionSteps,
                points,
                pointStep,
                factors,
                labels,
                allDigests,
                offset,
                Arrays.stream(factor.slopes()).average().orElseThrow(),
                new float[RESIDUALS]);
        WarmFactor first = WarmFactor.of(data);
        return WarmFactor.of(withResiduals(data, first.leaveOneOut(), logLengths));
    }

    private static WarmData withResiduals(WarmData data, double[] predicted, double[][] logLengths) {
        double[] residuals = new double[0];
        for (int i = 0; i < logLengths.length; i++) {
            double guess = data.offset() + data.slope() * predicted[i];
            double[] own = Arrays.stream(logLengths[i])
                    .filter(length -> !Double.isNaN(length))
                    .map(length -> length - guess)
                    .toArray();
            double[] longer = Arrays.copyOf(residuals, residuals.length + own.length);
            System.arraycopy(own, 0, longer, residuals.length, own.length);
            residuals = longer;
        }
        Quantiles quantiles = Quantiles.of(residuals);
        float[] grid = new float[RESIDUALS];
        for (int i = 0; i < RESIDUALS; i++) {
            grid[i] = (float) quantiles.at((i + 0.5) / RESIDUALS);
        }
        return new WarmData(
                data.scale(),
                data.directions(),
                data.directionSteps(),
                data.points(),
                data.pointStep(),
                data.factors(),
                data.labels(),
                data.digests(),
                data.offset(),
                data.slope(),
                grid);
    }

    /** Finds the directions of greatest variance by orthogonal iteration on the rows' Gram matrix. */
    private static float[][] directions(float[][] rows, int wanted, long seed) {
        int n = rows.length;
        int width = rows[0].length;
        float[] mean = new float[width];
        for (float[] row : rows) {
            Vectors.add(mean, 1f / n, row);
        }
        float[][] centred = new float[n][];
        for (int i = 0; i < n; i++) {
            centred[i] = rows[i].clone();
            Vectors.add(centred[i], -1, mean);
        }
        float[][] gram = new float[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                gram[i][j] = Vectors.dot(centred[i], centred[j]);
                gram[j][i] = gram[i][j];
            }
        }
        SplittableRandom random = new SplittableRandom(seed);
        float[][] basis = new float[wanted][n];
        for (float[] vector : basis) {
            for (int i = 0; i < n; i++) {
                vector[i] = (float) random.nextGaussian();
            }
        }
        orthonormalise(basis);
        for (int round = 0; round < ROUNDS; round++) {
            for (float[] vector : basis) {
                float[] image = new float[n];
                for (int i = 0; i < n; i++) {
                    image[i] = Vectors.dot(gram[i], vector);
                }
                System.arraycopy(image, 0, vector, 0, n);
            }
            orthonormalise(basis);
        }
        float[][] directions = new float[wanted][width];
        for (int k = 0; k < wanted; k++) {
            for (int i = 0; i < n; i++) {
                Vectors.add(directions[k], basis[k][i], centred[i]);
            }
        }
        orthonormalise(directions);
        return directions;
    }

    /** Gram-Schmidt, twice for accuracy. */
    private static void orthonormalise(float[][] basis) {
        for (int k = 0; k < basis.length; k++) {
            for (int pass = 0; pass < 2; pass++) {
                for (int other = 0; other < k; other++) {
                    Vectors.add(basis[k], -Vectors.dot(basis[k], basis[other]), basis[other]);
                }
                float norm = (float) Math.sqrt(Vectors.dot(basis[k], basis[k]));
                for (int i = 0; i < basis[k].length; i++) {
                    basis[k][i] /= norm;
                }
            }
        }
    }

    private static float step(float[] numbers) {
        float largest = 0;
        for (float number : numbers) {
            largest = Math.max(largest, Math.abs(number));
        }
        return Math.max(largest, Float.MIN_NORMAL) / STEPS;
    }

    private static byte[] bytes(float[] numbers, float step) {
        byte[] bytes = new byte[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            bytes[i] = (byte) Math.round(numbers[i] / step);
        }
        return bytes;
    }
}
