package dev.littoral.sandbox.demo;

import java.util.ArrayList;
import java.util.List;

/**
 * What a way of asking costs beside another, for one token on an idle system.
 *
 * @param throughMillis median from sending to the final response, through the first way
 * @param directMillis the same through the second
 */
record Overhead(double throughMillis, double directMillis) {

    static final int ROUNDS = 25;
    private static final int WARM_UP = 50;

    /** Asks both ways in turn, so that a machine that changes its speed changes both. */
    static Overhead measure(Asker through, Asker direct, String model, Question question) {
        List<Double> first = new ArrayList<>();
        List<Double> second = new ArrayList<>();
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            double a = through.ask(model, question, piece -> {}).totalMillis();
            double b = direct.ask(model, question, piece -> {}).totalMillis();
            if (round >= 0) {
                first.add(a);
                second.add(b);
            }
        }
        return new Overhead(median(first), median(second));
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
