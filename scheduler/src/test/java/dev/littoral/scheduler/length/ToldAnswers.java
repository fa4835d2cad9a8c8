package dev.littoral.scheduler.length;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Keeps what is told. */
final class ToldAnswers implements SharedAnswers {

    private final List<LearnedAnswer> answers = Collections.synchronizedList(new ArrayList<>());
    private final List<String> drifts = Collections.synchronizedList(new ArrayList<>());
    private volatile BooleanSupplier fails = () -> false;
    private volatile int answersBeforeDrift = -1;

    /** Fails while this is so. */
    ToldAnswers failing(BooleanSupplier now) {
        fails = now;
        return this;
    }

    List<LearnedAnswer> answers() {
        return answers;
    }

    List<String> drifts() {
        return drifts;
    }

    /** Counts what was told before the first drift was. */
    int answersBeforeDrift() {
        return answersBeforeDrift;
    }

    @Override
    public void tell(String deployment, LearnedAnswer answer) {
        if (fails.getAsBoolean()) {
            throw new IllegalStateException("a fault of whoever is told");
        }
        answers.add(answer);
    }

    @Override
    public void drifted(String deployment) {
        if (drifts.isEmpty()) {
            answersBeforeDrift = answers.size();
        }
        drifts.add(deployment);
    }
}
