package dev.littoral.bench.length;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.algorithms.length.Label;
import dev.littoral.algorithms.length.ModelLearner;
import dev.littoral.algorithms.length.Probe;
import dev.littoral.algorithms.length.Question;
import dev.littoral.algorithms.length.WarmFactor;
import dev.littoral.scheduler.length.PromptEncoder;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The time from a prompt's text to its forecast on one thread: encoder, cues, warm factor and a model with 400 labels.
 *
 * @param median in milliseconds
 * @param p99 in milliseconds
 * @param processor median of the thread's processor time, in milliseconds, which other load leaves alone
 */
record PredictionTime(double median, double p99, double processor) {

    private static final int LABELS = 400;
    private static final int ROUNDS = 400;

    /** With the two that the encoder adds. */
    private static final int WORD_PIECES = 64;

    static PredictionTime measure(PromptEncoder encoder, WarmFactor warm, LengthData data, List<Probe> probes) {
        ModelLearner learner = new ModelLearner(warm, true);
        int[] known = IntStream.range(0, probes.size())
                .filter(i -> !Double.isNaN(data.tokens()[i][0]))
                .limit(LABELS)
                .toArray();
        learner.observeAll(
                Arrays.stream(known)
                        .mapToObj(i -> new Question("", 0, Optional.of(probes.get(i))))
                        .toList(),
                Arrays.stream(known)
                        .mapToObj(i -> (Label) new Label.Ended((int) data.tokens()[i][0]))
                        .toList());
        List<String> prompts = data.prompts().stream()
                .map(LengthData.Prompt::text)
                .filter(text -> encoder.wordPieces(text) >= WORD_PIECES)
                .map(text -> cut(encoder, text))
                .toList();
        if (prompts.isEmpty()) {
            return new PredictionTime(Double.NaN, Double.NaN, Double.NaN);
        }
        double[] millis = new double[ROUNDS];
        double[] busy = new double[ROUNDS];
        ThreadMXBean clock = ManagementFactory.getThreadMXBean();
        for (int round = -ROUNDS; round < ROUNDS; round++) {
            String text = prompts.get(Math.floorMod(round, prompts.size()));
            long begin = System.nanoTime();
            long busyBegin = clock.getCurrentThreadCpuTime();
            Probe probe = warm.probe(encoder.read(text, WORD_PIECES));
            learner.predict(new Question(text, WORD_PIECES, Optional.of(probe)), Double.POSITIVE_INFINITY);
            if (round >= 0) {
                millis[round] = (System.nanoTime() - begin) / 1e6;
                busy[round] = (clock.getCurrentThreadCpuTime() - busyBegin) / 1e6;
            }
        }
        Arrays.sort(millis);
        Arrays.sort(busy);
        return new PredictionTime(millis[ROUNDS / 2], millis[ROUNDS * 99 / 100], busy[ROUNDS / 2]);
    }

    void report(ObjectNode figures) {
        figures.put("median_ms", median).put("p99_ms", p99).put("processor_ms", processor);
        if (Double.isNaN(median)) {
            System.out.printf("time of a prediction: left out, no prompt has %d tokens%n", WORD_PIECES);
            return;
        }
        System.out.printf(
                Locale.ROOT,
                "prediction of a prompt of %d tokens, one thread, encoder and all: %.2f ms (median of %d), 99th percentile %.2f ms, processor time %.2f ms%n",
                WORD_PIECES,
                median,
                ROUNDS,
                p99,
                processor);
    }

    /** Takes the longest beginning that has no more than the wanted word pieces. */
    private static String cut(PromptEncoder encoder, String text) {
        int least = 0;
        int most = text.length();
        while (least < most) {
            int middle = (least + most + 1) / 2;
            if (encoder.wordPieces(text.substring(0, middle)) <= WORD_PIECES) {
                least = middle;
            } else {
                most = middle - 1;
            }
        }
        return text.substring(0, least);
    }
}
