package dev.littoral.algorithms.length;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Learns the answers of one model from its first one: a Gaussian process whose prior is the warm factor, over the last
 * prompts that were answered; cut answers count as what they can be expected to have become; the bound is conformal, and
 * its level follows what it misses ({@link MissShare}). Beside it {@link UnreadLengths} knows what is expected where a prompt
 * was not read. When predictions of either are found to have become wrong, all answers from before the change are dropped,
 * and forecasts are the prior's until {@value #ENOUGH} more were read. Ours.
 */
public final class ModelLearner implements LengthPredictor {

    private static final double SHARE = 0.6;
    private static final double OF_CUES = 0.5;
    private static final double NOISE = 0.7;
    private static final int ENOUGH = 20;
    private static final int WINDOW = 512;
    private static final double OFFSET_PRIOR = 1;
    private static final double SLOPE_PRIOR = 20;

    /** Lengths further from the mean, in deviations, teach the process no more than this. */
    private static final double FARTHEST = 1.5;

    private static final double SCORE_MEMORY = 0.98;

    private record Seen(Probe probe, Label label) {}

    private final Optional<WarmFactor> warm;
    private final double priorOffset;
    private final double priorSlope;
    private final List<Seen> window = new ArrayList<>();
    private final Covariance covariance;
    private final DriftAlarm alarm = new DriftAlarm();
    private final Spread priorSpread;
    private final UnreadLengths unread;
    private ModelHead head;
    private MissShare miss = MissShare.FIRST;
    private int unfitted;
    private int drifts;

    /** Answers that are still waited for since predictions were found wrong; while it is not 0, the prior predicts. */
    private int awaited;

    private double headScore;
    private double histogramScore;
    private int scored;

    /**
     * Starts with what is known of models and prompts at large.
     *
     * @param warm the shipped factor, which also standardises; {@code useWarm} false learns without what it knows
     */
    public ModelLearner(WarmFactor warm, boolean useWarm) {
        this.warm = useWarm ? Optional.of(warm) : Optional.empty();
        priorOffset = warm.data().offset();
        priorSlope = warm.data().slope();
        covariance = new Covariance(this.warm, SHARE, OF_CUES);
        float[] residuals = warm.data().residuals();
        double[] errors = new double[residuals.length];
        Arrays.setAll(errors, i -> residuals[i]);
        priorSpread = Spread.of(errors, new boolean[errors.length]);
        head = prior();
        unread = new UnreadLengths(priorOffset, Math.max(priorSlope, deviation(errors)));
    }

    @Override
    public LengthForecast predict(Question question, double capTokens) {
        return view().predict(question, capTokens);
    }

    /** Gives what is known now, for other threads to predict with. */
    public ModelView view() {
        return new ModelView(head, unread.head(), scored < ENOUGH || headScore <= histogramScore);
    }

    /** Counts the answers that are remembered. */
    public int size() {
        return window.size();
    }

    @Override
    public void observe(Question question, Label label) {
        boolean wrongUnread = unread.judge(question, label);
        boolean wrong =
                question.probe().filter(probe -> judge(question, probe, label)).isPresent();
        if (question.probe().isEmpty()) {
            alarm.passesOver();
        }
        unread.observe(question, label);
        question.probe().ifPresent(probe -> remember(probe, label));
        if (wrong || wrongUnread) {
            fallBack(wrong ? alarm.answersOfChange() : unread.answersOfChange());
        } else if (question.probe().isPresent() && ++unfitted > window.size() / 32 && awaited == 0) {
            fit();
        }
    }

    /** Learns from many answers at once, without judging its own predictions of them. */
    @Override
    public void observeAll(List<Question> questions, List<Label> labels) {
        for (int i = 0; i < questions.size(); i++) {
            Label label = labels.get(i);
            alarm.passesOver();
            questions.get(i).probe().ifPresent(probe -> remember(probe, label));
        }
        unread.observeAll(questions, labels);
        if (!window.isEmpty() && awaited == 0) {
            fit();
        }
    }

    /** Counts the times that predictions were found to have become wrong. */
    public int drifts() {
        return drifts;
    }

    /** Compares an answer with its prediction; true when predictions are found to have become wrong. */
    private boolean judge(Question question, Probe probe, Label label) {
        if (awaited > 0) {
            // the prior is known not to be this model's: nothing of it is to be measured, or found wrong
            return false;
        }
        double predicted = head.center(probe);
        double seen = Math.log1p(label.tokens());
        double middle = head.spread().at(0.5);
        return switch (label) {
            case Label.CutAt cut -> {
                // it tells something only where more was seen than was bounded
                if (seen > predicted + head.spread().bound(miss.share())) {
                    adapt(true);
                }
                alarm.passesOver();
                yield false;
            }
            case Label.Ended ended -> {
                adapt(seen > predicted + head.spread().bound(miss.share()));
                headScore = SCORE_MEMORY * headScore + Math.abs(seen - predicted - middle);
                histogramScore =
                        SCORE_MEMORY * histogramScore + Math.abs(seen - unread.logMedian(question.promptTokens()));
                scored++;
                yield window.size() >= ENOUGH && alarm.rings(head.spread(), seen - predicted);
            }
        };
    }

    private void adapt(boolean missed) {
        miss = miss.after(missed);
        head = head.missing(miss.share());
    }

    /** Keeps the answers of the change alone, the last one included, and predicts by the prior. */
    private void fallBack(int answersOfChange) {
        drifts++;
        awaited = ENOUGH;
        keepLast(unread.readAmong(answersOfChange));
        unread.beginWith(answersOfChange);
        alarm.begin();
        miss = MissShare.FIRST;
        head = prior();
        scored = 0;
        headScore = 0;
        histogramScore = 0;
        unfitted = WINDOW;
    }

    private ModelHead prior() {
        return new ModelHead(
                priorOffset,
                warm.isPresent() ? priorSlope : 0,
                Optional.empty(),
                priorSpread,
                MissShare.FIRST.share(),
                LengthForecast.Source.PRIOR);
    }

    private void remember(Probe probe, Label label) {
        window.add(new Seen(probe, label));
        covariance.add(probe);
        awaited = Math.max(0, awaited - 1);
        if (window.size() > WINDOW + WINDOW / 16) {
            keepLast(WINDOW);
        }
    }

    private void keepLast(int kept) {
        window.subList(0, Math.max(0, window.size() - kept)).clear();
        covariance.keepLast(kept);
    }

    private void fit() {
        unfitted = 0;
        int n = window.size();
        double[] lengths = new double[n];
        boolean[] cut = new boolean[n];
        for (int i = 0; i < n; i++) {
            Label label = window.get(i).label();
            cut[i] = label instanceof Label.CutAt;
            lengths[i] = Math.log1p(label.tokens());
        }
        double[] noise = new double[n];
        Arrays.fill(noise, NOISE);
        Cholesky system = covariance.system(noise);
        double[] completed = lengths.clone();
        for (int i = 0; i < n; i++) {
            completed[i] =
                    cut[i] ? Math.max(lengths[i], head.center(window.get(i).probe())) : lengths[i];
        }
        refit(completed, lengths, cut, system);
        for (int round = 0; round < 2 && anyOf(cut); round++) {
            for (int i = 0; i < n; i++) {
                if (cut[i]) {
                    double center = head.center(window.get(i).probe());
                    completed[i] = center + head.spread().beyond(lengths[i] - center);
                }
            }
            refit(completed, lengths, cut, system);
        }
    }

    private void refit(double[] completed, double[] lengths, boolean[] cut, Cholesky system) {
        int n = completed.length;
        double offset = (Arrays.stream(completed).sum() + OFFSET_PRIOR * priorOffset) / (n + OFFSET_PRIOR);
        double variance =
                Arrays.stream(completed).map(y -> (y - offset) * (y - offset)).sum();
        double slope = Math.sqrt((variance + SLOPE_PRIOR * priorSlope * priorSlope) / (n + SLOPE_PRIOR));
        double share = warm.isPresent() ? SHARE : 0;
        double meanWarm =
                share * window.stream().mapToDouble(seen -> seen.probe().warm()).sum() / (n + OFFSET_PRIOR);
        double[] targets = new double[n];
        Arrays.setAll(targets, i -> Math.clamp((completed[i] - offset) / slope, -FARTHEST, FARTHEST) + meanWarm);
        PromptProcess process = PromptProcess.of(covariance, warm, share, targets, system);
        double[] errors = new double[n];
        double[] predicted = process.leaveOneOut();
        double shifted = offset - slope * meanWarm;
        Arrays.setAll(errors, i -> lengths[i] - shifted - slope * predicted[i]);
        head = new ModelHead(
                shifted,
                slope,
                Optional.of(process),
                n >= ENOUGH ? Spread.of(errors, cut) : joined(errors, cut),
                miss.share(),
                n >= ENOUGH ? LengthForecast.Source.LEARNED : LengthForecast.Source.PRIOR);
    }

    /** Few errors of its own are taken together with those of models never seen. */
    private Spread joined(double[] errors, boolean[] cut) {
        double[] prior = priorSpread.cells();
        double[] both = Arrays.copyOf(errors, errors.length + prior.length);
        System.arraycopy(prior, 0, both, errors.length, prior.length);
        return Spread.of(both, Arrays.copyOf(cut, both.length));
    }

    private static boolean anyOf(boolean[] flags) {
        for (boolean flag : flags) {
            if (flag) {
                return true;
            }
        }
        return false;
    }

    private static double deviation(double[] values) {
        double mean = Arrays.stream(values).average().orElse(0);
        return Math.sqrt(Arrays.stream(values)
                .map(v -> (v - mean) * (v - mean))
                .average()
                .orElse(1));
    }
}
