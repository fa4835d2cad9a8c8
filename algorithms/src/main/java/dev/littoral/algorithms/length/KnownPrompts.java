package dev.littoral.algorithms.length;

import java.util.List;

/** Prompts to whose rows the similarity of a new one is computed at once; see {@link Similarity}. */
final class KnownPrompts {

    private static final int CUES = 3 * PromptReading.STATE;

    private final Columns columns;
    private final int width;
    private final float[] squares;
    private final float[] cueSquares;

    private KnownPrompts(Columns columns, int width, float[] squares, float[] cueSquares) {
        this.columns = columns;
        this.width = width;
        this.squares = squares;
        this.cueSquares = cueSquares;
    }

    static KnownPrompts of(List<Similarity.Row> rows) {
        float[][] numbers = new float[rows.size()][];
        float[] squares = new float[rows.size()];
        float[] cueSquares = new float[rows.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = rows.get(i).numbers();
            squares[i] = rows.get(i).square();
            cueSquares[i] = squareOfCues(numbers[i]);
        }
        return new KnownPrompts(Columns.of(numbers), numbers.length == 0 ? 0 : numbers[0].length, squares, cueSquares);
    }

    /** Gives the similarity of each to a prompt. */
    double[] similarities(Similarity.Row prompt) {
        float[] products = columns.products(prompt.numbers(), 0, width);
        double[] similarities = new double[products.length];
        for (int i = 0; i < products.length; i++) {
            similarities[i] = Similarity.of(products[i], prompt.square(), squares[i]);
        }
        return similarities;
    }

    /** Adds {@code ofCues} times the similarity over the cues alone; the rows are of all features. */
    double[] similarities(Similarity.Row prompt, double ofCues) {
        if (ofCues == 0 || width == 0) {
            return similarities(prompt);
        }
        float[] states = columns.products(prompt.numbers(), 0, CUES);
        float[] cues = columns.products(prompt.numbers(), CUES, width);
        float cueSquare = squareOfCues(prompt.numbers());
        double[] similarities = new double[states.length];
        for (int i = 0; i < states.length; i++) {
            similarities[i] = Similarity.of(states[i] + cues[i], prompt.square(), squares[i])
                    + ofCues * Similarity.of(cues[i], cueSquare, cueSquares[i]);
        }
        return similarities;
    }

    private static float squareOfCues(float[] numbers) {
        float sum = 0;
        for (int i = CUES; i < numbers.length; i++) {
            sum += numbers[i] * numbers[i];
        }
        return sum;
    }
}
