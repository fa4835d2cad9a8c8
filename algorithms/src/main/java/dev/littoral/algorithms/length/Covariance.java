package dev.littoral.algorithms.length;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The prior covariance between labelled prompts; grows by one row with each, see {@link PromptProcess}. */
final class Covariance {

    private final Optional<WarmFactor> warm;
    private final double share;
    private final double ofCues;
    private final List<Probe> points = new ArrayList<>();
    private final List<double[]> rows = new ArrayList<>();
    private Optional<KnownPrompts> known = Optional.empty();

    /**
     * Starts without points.
     *
     * @param ofCues prior variance of what the cues alone say, beside what the whole reading says, of variance 1
     */
    Covariance(Optional<WarmFactor> warm, double share, double ofCues) {
        this.warm = warm;
        this.share = warm.isPresent() ? share : 0;
        this.ofCues = ofCues;
    }

    /** Gives the prior variance of what the cues alone say. */
    double ofCues() {
        return ofCues;
    }

    void add(Probe probe) {
        double[] row = new double[points.size() + 1];
        double[] solved = warm.map(probe::solved).orElse(new double[0]);
        for (int j = 0; j <= points.size(); j++) {
            Probe other = j == points.size() ? probe : points.get(j);
            row[j] = Similarity.between(probe.row(), other.row(), ofCues)
                    - share * share * Vectors.dot(solved, other.similarities(), solved.length);
        }
        points.add(probe);
        rows.add(row);
        known = Optional.empty();
    }

    /** Forgets all but the last. */
    void keepLast(int kept) {
        int dropped = Math.max(0, points.size() - kept);
        points.subList(0, dropped).clear();
        known = Optional.empty();
        rows.subList(0, dropped).clear();
        for (int i = 0; i < rows.size(); i++) {
            double[] row = new double[i + 1];
            System.arraycopy(rows.get(i), dropped, row, 0, i + 1);
            rows.set(i, row);
        }
    }

    /** Gives the prompts of the points. */
    KnownPrompts known() {
        if (known.isEmpty()) {
            known = Optional.of(KnownPrompts.of(points.stream().map(Probe::row).toList()));
        }
        return known.orElseThrow();
    }

    List<Probe> points() {
        return List.copyOf(points);
    }

    /**
     * Factorises the covariance with this noise, or with more: the reduction is computed on fewer directions than the
     * similarity, so prompts unlike all that the warm factor knows may leave the difference indefinite.
     */
    Cholesky system(double[] noise) {
        for (double more = 0; ; more = 2 * more + 0.5) {
            double[][] matrix = new double[rows.size()][];
            for (int i = 0; i < matrix.length; i++) {
                matrix[i] = rows.get(i).clone();
                matrix[i][i] += noise[i] + more;
            }
            Optional<Cholesky> system = Cholesky.ifPositive(matrix);
            if (system.isPresent()) {
                return system.orElseThrow();
            }
        }
    }
}
