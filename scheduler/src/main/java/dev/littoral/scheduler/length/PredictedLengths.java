package dev.littoral.scheduler.length;

import dev.littoral.algorithms.length.Label;
import dev.littoral.algorithms.length.LengthForecast;
import dev.littoral.algorithms.length.Probe;
import dev.littoral.algorithms.length.Question;
import dev.littoral.algorithms.length.WarmFactor;
import dev.littoral.scheduler.request.AnswerLengths;
import dev.littoral.scheduler.request.InferenceRequest;
import dev.littoral.scheduler.request.Prompt;
import dev.littoral.scheduler.rounds.EndlessThread;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Predicts by what the prompt says when it is read in time, else by a histogram, and learns on a thread of its own. Without
 * an encoder only the histogram is left.
 */
public final class PredictedLengths implements AnswerLengths, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(PredictedLengths.class);
    private static final int MOST_UNLEARNED = 4096;

    /** What is heard waits beyond it, and leaves the rest of the room to own answers. */
    private static final int MOST_UNLEARNED_OF_HEARD = MOST_UNLEARNED / 2;

    /** Without them what was learned from older answers would be taken for sound, so they have room of their own. */
    private static final int MOST_CHANGES = 4096;

    private sealed interface Lesson {

        record Own(String deployment, Question question, Label label) implements Lesson {}

        record Heard(String deployment, LearnedAnswer answer) implements Lesson {}

        record Anew(String deployment) implements Lesson {}
    }

    private final WarmFactor warm;
    private final Optional<PromptReader> reader;
    private final LengthSettings settings;
    private final SharedAnswers shared;
    private final LengthMeters meters;
    private final DriftNews news;
    private final GivenForecasts given = new GivenForecasts();
    private final Map<String, DeploymentLengths> deployments = new ConcurrentHashMap<>();
    private final BlockingQueue<Lesson> lessons = new LinkedBlockingQueue<>(MOST_UNLEARNED + MOST_CHANGES);
    private final Object room = new Object();
    private final Thread learning;
    private volatile boolean closed;

    /** Puts the parts together and begins to learn; drift is logged and counted only. */
    public PredictedLengths(
            WarmFactor warm,
            Optional<PromptEncoder> encoder,
            LengthSettings settings,
            SharedAnswers shared,
            MeterRegistry meters) {
        this(warm, encoder, settings, shared, meters, DriftNews.UNHEARD);
    }

    /**
     * Puts the parts together and begins to learn.
     *
     * @param encoder empty when it could not be loaded, or is not wanted
     */
    public PredictedLengths(
            WarmFactor warm,
            Optional<PromptEncoder> encoder,
            LengthSettings settings,
            SharedAnswers shared,
            MeterRegistry meters,
            DriftNews news) {
        this.news = news;
        this.warm = warm;
        this.reader = encoder.map(loaded -> new PromptReader(loaded, warm, settings));
        this.settings = settings;
        this.shared = shared;
        this.meters = new LengthMeters(meters, this::reads);
        learning = EndlessThread.start(Thread.ofPlatform().daemon(), "length-learning", this::learnWhatCame);
    }

    /** Says whether prompts can be read now. */
    public boolean reads() {
        return reader.filter(PromptReader::works).isPresent();
    }

    @Override
    public Optional<LengthForecast> forecast(
            String deployment, InferenceRequest request, double promptTokens, int capTokens)
            throws InterruptedException {
        if (capTokens <= settings.shortAnswerTokens()) {
            return Optional.empty();
        }
        String text = asked(request.prompt());
        Optional<Probe> probe = Optional.empty();
        if (reader.isPresent()) {
            probe = reader.orElseThrow().within(settings.deadline(), text, promptTokens);
        }
        LengthForecast forecast = of(deployment).view().predict(new Question(text, promptTokens, probe), capTokens);
        meters.forecast(forecast);
        given.give(deployment, request.id(), new GivenForecasts.Given(forecast, probe.map(Probe::features)));
        return Optional.of(forecast);
    }

    @Override
    public void learn(String deployment, InferenceRequest request, double promptTokens, Label label) {
        int cap = request.sampling().maxTokens().orElse(Integer.MAX_VALUE);
        if (cap <= settings.shortAnswerTokens()) {
            return;
        }
        Optional<GivenForecasts.Given> told = given.take(deployment, request.id());
        if (label instanceof Label.Ended ended) {
            told.ifPresent(each -> meters.compared(each.forecast(), ended.tokens()));
        }
        Optional<Probe> probe = reader.flatMap(present -> present.remembered(asked(request.prompt())))
                .or(() -> told.flatMap(GivenForecasts.Given::features).map(warm::probe));
        if (probe.isEmpty()) {
            meters.unread();
        }
        // lessons outlive their requests, and many of them the words of their prompts must not
        offer(new Lesson.Own(deployment, new Question("", promptTokens, probe), label));
    }

    /**
     * Takes what another scheduler learned, or this one before its last start; waits while much is to be learned, so that
     * whoever hears a topic from its beginning loses nothing of it. For one thread.
     */
    void heard(String deployment, LearnedAnswer answer) {
        try {
            awaitRoom();
            offer(new Lesson.Heard(deployment, answer));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            meters.dropped(1);
        }
    }

    private void awaitRoom() throws InterruptedException {
        synchronized (room) {
            while (lessons.size() >= MOST_UNLEARNED_OF_HEARD && !closed) {
                room.wait();
            }
        }
    }

    /** Forgets what was learned of a deployment up to here, since another scheduler found that it no longer holds. */
    void anew(String deployment) {
        offer(new Lesson.Anew(deployment));
    }

    /** Gives the deployments of whose answers something is known. */
    Set<String> deployments() {
        return Set.copyOf(deployments.keySet());
    }

    /** Forgets what is known of a deployment's answers. */
    void forget(String deployment) {
        deployments.remove(deployment);
    }

    @Override
    public void close() {
        learning.interrupt();
        closed = true;
        tellOfRoom();
        reader.ifPresent(PromptReader::close);
    }

    private void offer(Lesson lesson) {
        boolean room = lesson instanceof Lesson.Anew || lessons.size() < MOST_UNLEARNED;
        if (!room || !lessons.offer(lesson)) {
            meters.dropped(1);
        }
    }

    private void tellOfRoom() {
        synchronized (room) {
            room.notifyAll();
        }
    }

    private DeploymentLengths of(String deployment) {
        return deployments.computeIfAbsent(deployment, name -> new DeploymentLengths(warm));
    }

    private void learnWhatCame() throws InterruptedException {
        List<Lesson> now = new ArrayList<>(List.of(lessons.take()));
        lessons.drainTo(now);
        tellOfRoom();
        Map<String, List<LearnedAnswer>> heard = new LinkedHashMap<>();
        List<Throwable> failures = new ArrayList<>();
        for (Lesson lesson : now) {
            switch (lesson) {
                case Lesson.Own own -> attempt(1, () -> learn(own), failures);
                case Lesson.Heard other ->
                    heard.computeIfAbsent(other.deployment(), name -> new ArrayList<>())
                            .add(other.answer());
                case Lesson.Anew anew -> {
                    heard.remove(anew.deployment());
                    deployments.remove(anew.deployment());
                }
            }
        }
        heard.forEach((deployment, answers) -> attempt(answers.size(), () -> learnAll(deployment, answers), failures));
        if (!failures.isEmpty()) {
            throw new IllegalStateException(
                    failures.size() + " times answers were not learned from; the first", failures.getFirst());
        }
    }

    private void attempt(int answers, Runnable lesson, List<Throwable> failures) {
        try {
            lesson.run();
        } catch (RuntimeException | Error e) {
            failures.add(e);
            meters.dropped(answers);
        }
    }

    private void learn(Lesson.Own own) {
        DeploymentLengths known = of(own.deployment());
        if (orAnew(own.deployment(), () -> known.learn(own.question(), own.label()))) {
            shared.drifted(own.deployment());
            meters.drifted(own.deployment());
            String message = "the answers are no longer as long as they were: what was learned from those before the"
                    + " change is dropped, and lengths rest on the prior until enough new ones are seen";
            LOG.warnf("%s: %s", own.deployment(), message);
            news.drifted(own.deployment(), message);
        }
        own.question()
                .probe()
                .ifPresent(probe -> shared.tell(
                        own.deployment(),
                        new LearnedAnswer(probe.features(), own.question().promptTokens(), own.label())));
    }

    private void learnAll(String deployment, List<LearnedAnswer> answers) {
        List<Question> questions = answers.stream()
                .map(answer -> new Question("", answer.promptTokens(), Optional.of(warm.probe(answer.features()))))
                .toList();
        List<Label> labels = answers.stream().map(LearnedAnswer::label).toList();
        DeploymentLengths known = of(deployment);
        boolean ignored = orAnew(deployment, () -> {
            known.learnAll(questions, labels);
            return true;
        });
    }

    /** Has a deployment begin anew when learning fails: half of what was to be learned may be there. */
    private boolean orAnew(String deployment, BooleanSupplier lesson) {
        try {
            return lesson.getAsBoolean();
        } catch (RuntimeException | Error e) {
            deployments.remove(deployment);
            throw e;
        }
    }

    /** The last thing that the user said is what is answered. */
    private static String asked(Prompt prompt) {
        return switch (prompt) {
            case Prompt.Text text -> text.text();
            case Prompt.Chat chat ->
                chat.turns().reversed().stream()
                        .filter(turn -> turn.role().equals("user"))
                        .findFirst()
                        .or(() -> chat.turns().stream().findFirst())
                        .map(Prompt.Turn::content)
                        .orElse("");
        };
    }
}
