package dev.littoral.scheduler.length;

import dev.littoral.algorithms.length.Label;
import dev.littoral.algorithms.length.ModelLearner;
import dev.littoral.algorithms.length.ModelView;
import dev.littoral.algorithms.length.Question;
import dev.littoral.algorithms.length.WarmFactor;
import java.util.List;

/** What is known of one deployment's answers: learned by one thread, read by all. */
final class DeploymentLengths {

    private final ModelLearner learner;
    private volatile ModelView view;

    DeploymentLengths(WarmFactor warm) {
        learner = new ModelLearner(warm, true);
        view = learner.view();
    }

    ModelView view() {
        return view;
    }

    /** Learns; true when it was found that predictions had become wrong. */
    synchronized boolean learn(Question question, Label label) {
        int drifts = learner.drifts();
        learner.observe(question, label);
        view = learner.view();
        return learner.drifts() > drifts;
    }

    synchronized void learnAll(List<Question> questions, List<Label> labels) {
        learner.observeAll(questions, labels);
        view = learner.view();
    }
}
