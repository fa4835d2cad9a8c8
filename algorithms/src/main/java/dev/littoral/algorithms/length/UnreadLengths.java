package dev.littoral.algorithms.length;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Learns how long a model's answers are whatever was asked: a {@link LengthHistogram}, whose bound is the conformal quantile
 * of its errors over the last answers, each predicted without itself. Where prompts are not read it also notices that
 * answers are no longer as long as they were, by where their errors lie among these. Ours.
 */
final class UnreadLengths {

    private static final int ENOUGH = 20;
    private static final int WINDOW = 512;

    /**
     * An answer.
     *
     * @param taken log length that the histogram took it for
     * @param read whether its prompt was read
     */
    private record Seen(Question question, Label label, double taken, boolean read) {}

    private final double priorMean;
    private final double priorDeviation;
    private final List<Seen> recent = new ArrayList<>();
    private final DriftAlarm alarm = new DriftAlarm();
    private LengthHistogram histogram;
    private Optional<Spread> spread = Optional.empty();
    private MissShare miss = MissShare.FIRST;
    private int unmeasured;
    private int unreadInRow;

    UnreadLengths(double priorMean, double priorDeviation) {
        this.priorMean = priorMean;
        this.priorDeviation = priorDeviation;
        histogram = new LengthHistogram(priorMean, priorDeviation);
    }

    UnreadHead head() {
        return new UnreadHead(histogram.copy(), spread, miss.share());
    }

    /** Gives the expected {@code log(1 + tokens)}. */
    double logMedian(double promptTokens) {
        return histogram.logMedian(promptTokens);
    }

    /**
     * Compares an answer with its prediction.
     *
     * @return whether answers are found to be no longer as long as they were; never where prompts are read of late, since
     *     what is asked may change then without making the forecasts wrong
     */
    boolean judge(Question question, Label label) {
        unreadInRow = question.probe().isPresent() ? 0 : unreadInRow + 1;
        if (spread.isEmpty()) {
            alarm.passesOver();
            return false;
        }
        Spread errors = spread.orElseThrow();
        double error = Math.log1p(label.tokens()) - histogram.logMedian(question.promptTokens());
        boolean missed = error > errors.bound(miss.share());
        return switch (label) {
            case Label.CutAt cut -> {
                if (missed) {
                    miss = miss.after(true);
                }
                alarm.passesOver();
                yield false;
            }
            case Label.Ended ended -> {
                miss = miss.after(missed);
                if (unreadInRow >= ENOUGH) {
                    yield alarm.rings(errors, error);
                }
                alarm.passesOver();
                yield false;
            }
        };
    }

    void observe(Question question, Label label) {
        take(question, label);
        if (++unmeasured > recent.size() / 32) {
            measure();
        }
    }

    /** Learns from many answers at once, and judges none. */
    void observeAll(List<Question> questions, List<Label> labels) {
        for (int i = 0; i < questions.size(); i++) {
            alarm.passesOver();
            take(questions.get(i), labels.get(i));
        }
        measure();
    }

    /** Counts the answers since the change that it found began. */
    int answersOfChange() {
        return alarm.answersOfChange();
    }

    /** Counts those among the last answers whose prompts were read. */
    int readAmong(int last) {
        return (int) recent.subList(Math.max(0, recent.size() - last), recent.size()).stream()
                .filter(Seen::read)
                .count();
    }

    /** Forgets all but the last answers. */
    void beginWith(int last) {
        List<Seen> kept = List.copyOf(recent.subList(Math.max(0, recent.size() - last), recent.size()));
        recent.clear();
        histogram = new LengthHistogram(priorMean, priorDeviation);
        kept.forEach(seen -> take(seen.question(), seen.label(), seen.read()));
        alarm.begin();
        miss = MissShare.FIRST;
        measure();
    }

    private void take(Question question, Label label) {
        // the words and the reading of the prompt are not needed, and would be kept for long
        take(
                new Question("", question.promptTokens(), Optional.empty()),
                label,
                question.probe().isPresent());
    }

    private void take(Question unread, Label label, boolean read) {
        recent.add(new Seen(unread, label, histogram.take(unread, label), read));
        if (recent.size() > WINDOW + WINDOW / 16) {
            recent.subList(0, recent.size() - WINDOW).clear();
        }
    }

    private void measure() {
        unmeasured = 0;
        int n = recent.size();
        if (n < ENOUGH) {
            spread = Optional.empty();
            return;
        }
        double[] errors = new double[n];
        boolean[] cut = new boolean[n];
        for (int i = 0; i < n; i++) {
            Seen seen = recent.get(i);
            cut[i] = seen.label() instanceof Label.CutAt;
            errors[i] = Math.log1p(seen.label().tokens())
                    - histogram.logMedianWithout(seen.question().promptTokens(), seen.taken(), n - 1 - i);
        }
        spread = Optional.of(Spread.of(errors, cut));
    }
}
