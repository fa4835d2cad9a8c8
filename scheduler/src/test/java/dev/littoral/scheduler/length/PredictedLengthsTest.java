package dev.littoral.scheduler.length;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.littoral.algorithms.length.Label;
import dev.littoral.algorithms.length.LengthForecast;
import dev.littoral.algorithms.length.PromptReading;
import dev.littoral.algorithms.length.WarmFactor;
import dev.littoral.scheduler.openai.OpenAiParser;
import dev.littoral.scheduler.request.Dialect;
import dev.littoral.scheduler.request.InferenceRequest;
import dev.littoral.scheduler.request.Prompt;
import dev.littoral.scheduler.request.RequestParsing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PredictedLengthsTest {

    private static final int NO_CAP = 100_000;
    private static WarmFactor warm;
    private static MiniLmEncoder encoder;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ToldAnswers shared = new ToldAnswers();
    private final List<LearnedAnswer> told = shared.answers();
    private final List<PredictedLengths> opened = new ArrayList<>();

    /** The real one, but kept open between tests, and as late as the test wants. */
    private record Slow(CountDownLatch ready) implements PromptEncoder {

        @Override
        public PromptReading read(String prompt, double promptTokens) {
            try {
                ready.await();
            } catch (InterruptedException e) {
                throw new EncoderException("interrupted", e);
            }
            return encoder.read(prompt, promptTokens);
        }

        @Override
        public int wordPieces(String prompt) {
            return encoder.wordPieces(prompt);
        }

        @Override
        public void close() {}
    }

    @BeforeAll
    static void load() throws IOException {
        warm = WarmFactor.of(WarmFactorFile.shipped());
        encoder = MiniLmEncoder.load();
    }

    @AfterAll
    static void unload() {
        encoder.close();
    }

    @AfterEach
    void close() {
        opened.forEach(PredictedLengths::close);
    }

    @Test
    void anEssayIsExpectedToBeLongerThanAYesOrNo() throws InterruptedException {
        PredictedLengths lengths = lengths(Optional.of(new Slow(new CountDownLatch(0))), Duration.ofMinutes(1));

        LengthForecast essay = lengths.forecast(
                        "a", asking("Write a detailed essay of 1000 words on the history of Rome."), 15, NO_CAP)
                .orElseThrow();
        LengthForecast word = lengths.forecast(
                        "a", asking("Is Paris the capital of France? Answer yes or no only."), 12, NO_CAP)
                .orElseThrow();

        assertThat(essay.meanTokens()).isGreaterThan(2 * word.meanTokens());
        assertThat(essay.source()).isEqualTo(LengthForecast.Source.PRIOR);
    }

    @Test
    void aReaderThatIsLateHoldsNoRequestUp() throws InterruptedException {
        CountDownLatch ready = new CountDownLatch(1);
        PredictedLengths lengths = lengths(Optional.of(new Slow(ready)), Duration.ofMillis(1));

        LengthForecast forecast =
                lengths.forecast("a", asking("Tell me a story"), 4, NO_CAP).orElseThrow();
        ready.countDown();

        assertThat(forecast.source()).isEqualTo(LengthForecast.Source.HISTOGRAM);
    }

    @Test
    void withoutAnEncoderTheHistogramIsLeft() throws InterruptedException {
        PredictedLengths lengths = lengths(Optional.empty(), Duration.ofMillis(1));

        assertThat(lengths.reads()).isFalse();
        assertThat(lengths.forecast("a", asking("Tell me a story"), 4, NO_CAP)
                        .orElseThrow()
                        .source())
                .isEqualTo(LengthForecast.Source.HISTOGRAM);
        assertThat(meters.get("littoral.scheduler.length.encoder").gauge().value())
                .isZero();
    }

    @Test
    void anAnswerOfFewTokensNeedsNoReading() throws InterruptedException {
        PredictedLengths lengths = lengths(Optional.of(new Slow(new CountDownLatch(1))), Duration.ofMinutes(1));

        assertThat(lengths.forecast("a", asking("Tell me a story"), 4, 16)).isEmpty();
    }

    @Test
    void whatOneSchedulerLearnsAnotherPredictsWith() throws InterruptedException {
        PredictedLengths one = lengths(Optional.of(new Slow(new CountDownLatch(0))), Duration.ofMinutes(1));
        PredictedLengths other = lengths(Optional.of(new Slow(new CountDownLatch(0))), Duration.ofMinutes(1));
        InferenceRequest question = asking("Tell me a story about a fox");
        for (int i = 0; i < 30; i++) {
            InferenceRequest asked = asking("Tell me a story about " + i + " foxes");
            one.forecast("a", asked, 8, NO_CAP);
            one.learn("a", asked, 8, new Label.Ended(5000));
        }

        await().atMost(Duration.ofMinutes(1)).until(() -> told.size() == 30);
        List.copyOf(told)
                .forEach(answer ->
                        other.heard("a", LearnedAnswer.read(answer.write()).orElseThrow()));

        await().atMost(Duration.ofMinutes(1))
                .until(() -> other.forecast("a", question, 8, NO_CAP)
                        .filter(forecast -> forecast.medianTokens() > 3000)
                        .isPresent());
        assertThat(meters.get("littoral.scheduler.length.bounds").counters()).isNotEmpty();
    }

    @Test
    void whatWasHeardBeforeAChangeIsForgottenAndWhatComesBehindIsNot() throws InterruptedException {
        PredictedLengths one = lengths(Optional.of(new Slow(new CountDownLatch(0))), Duration.ofMinutes(1));
        PredictedLengths other = lengths(Optional.of(new Slow(new CountDownLatch(0))), Duration.ofMinutes(1));
        InferenceRequest question = asking("Tell me a story about a fox");
        for (int i = 0; i < 60; i++) {
            InferenceRequest asked = asking("Tell me a story about " + i + " foxes");
            one.forecast("a", asked, 8, NO_CAP);
            one.learn("a", asked, 8, new Label.Ended(i < 30 ? 5000 : 10));
        }
        await().atMost(Duration.ofMinutes(1)).until(() -> told.size() == 60);

        List<LearnedAnswer> all = List.copyOf(told);
        all.subList(0, 30).forEach(answer -> other.heard("a", answer));
        other.anew("a");
        all.subList(30, 60).forEach(answer -> other.heard("a", answer));

        await().atMost(Duration.ofMinutes(1))
                .until(() -> other.forecast("a", question, 8, NO_CAP)
                        .filter(forecast -> forecast.source() == LengthForecast.Source.LEARNED)
                        .filter(forecast -> forecast.medianTokens() < 30)
                        .isPresent());
    }

    @Test
    void driftIsToldOfWhereItIsNoticed() throws InterruptedException {
        List<String> news = new CopyOnWriteArrayList<>();
        PredictedLengths lengths = new PredictedLengths(
                warm,
                Optional.of(new Slow(new CountDownLatch(0))),
                new UsualSettings(Duration.ofMinutes(1)),
                shared,
                meters,
                (deployment, message) -> news.add(deployment + ": " + message));
        opened.add(lengths);
        InferenceRequest story = asking("Tell me a story about a fox");
        lengths.forecast("edge/a", story, 8, NO_CAP);

        for (int i = 0; i < 200; i++) {
            lengths.learn("edge/a", story, 8, new Label.Ended(i < 100 ? 20 + i % 5 : 3000 + i));
        }

        await().atMost(Duration.ofMinutes(1)).until(() -> !news.isEmpty());
        assertThat(news.getFirst()).startsWith("edge/a: ").contains("no longer as long");
        assertThat(shared.drifts()).startsWith("edge/a");
        // those before the change, and the few that showed it
        assertThat(shared.answersBeforeDrift()).isBetween(100, 110);
        assertThat(meters.get("littoral.scheduler.length.drifts").counter().count())
                .isPositive();
    }

    @Test
    void aLessonThatFailsIsCountedAndNotTheLast() throws InterruptedException {
        AtomicInteger tellings = new AtomicInteger();
        PredictedLengths lengths = new PredictedLengths(
                warm,
                Optional.of(new Slow(new CountDownLatch(0))),
                new UsualSettings(Duration.ofMinutes(1)),
                shared.failing(() -> tellings.incrementAndGet() <= 2),
                meters);
        opened.add(lengths);
        InferenceRequest story = asking("Tell me a story about a fox");
        lengths.forecast("edge/a", story, 8, NO_CAP);

        for (int i = 0; i < 5; i++) {
            lengths.learn("edge/a", story, 8, new Label.Ended(500));
        }

        await().atMost(Duration.ofMinutes(1)).until(() -> told.size() == 3);
        assertThat(meters.get("littoral.scheduler.length.unlearned").counter().count())
                .isEqualTo(2);
    }

    /** The real one, while it is not broken. */
    private record Breaking(AtomicBoolean broken) implements PromptEncoder {

        @Override
        public PromptReading read(String prompt, double promptTokens) {
            if (broken.get()) {
                throw new EncoderException("broken", new IllegalStateException("as if"));
            }
            return encoder.read(prompt, promptTokens);
        }

        @Override
        public int wordPieces(String prompt) {
            return encoder.wordPieces(prompt);
        }

        @Override
        public void close() {}
    }

    @Test
    void anEncoderThatFailsSeveralTimesInARowIsSaidToAndSoIsThatItWorksAgain() throws InterruptedException {
        AtomicBoolean broken = new AtomicBoolean(true);
        PredictedLengths lengths = lengths(Optional.of(new Breaking(broken)), Duration.ofMinutes(1));
        InferenceRequest story = asking("Tell me a story");

        lengths.forecast("a", story, 4, NO_CAP);
        lengths.forecast("a", story, 4, NO_CAP);
        assertThat(lengths.reads()).isTrue();
        assertThat(lengths.forecast("a", story, 4, NO_CAP).orElseThrow().source())
                .isEqualTo(LengthForecast.Source.HISTOGRAM);
        assertThat(lengths.reads()).isFalse();
        assertThat(new LengthHealth(lengths).call().getData().orElseThrow()).containsEntry("prediction", "Degraded");
        assertThat(meters.get("littoral.scheduler.length.encoder").gauge().value())
                .isZero();
        broken.set(false);
        lengths.forecast("a", story, 4, NO_CAP);

        assertThat(lengths.reads()).isTrue();
        assertThat(new LengthHealth(lengths).call().getData().orElseThrow()).containsEntry("prediction", "Full");
        assertThat(meters.get("littoral.scheduler.length.encoder").gauge().value())
                .isOne();
    }

    @Test
    void twoFailuresBetweenPromptsThatAreReadAreNoNews() throws InterruptedException {
        AtomicBoolean broken = new AtomicBoolean();
        PredictedLengths lengths = lengths(Optional.of(new Breaking(broken)), Duration.ofMinutes(1));

        for (int i = 0; i < 12; i++) {
            broken.set(i % 3 != 0);
            lengths.forecast("a", asking("Tell me story " + i), 4, NO_CAP);
        }

        assertThat(lengths.reads()).isTrue();
    }

    @Test
    void withoutAnEncoderTooDriftIsToldOf() {
        List<String> news = new CopyOnWriteArrayList<>();
        PredictedLengths lengths = new PredictedLengths(
                warm,
                Optional.empty(),
                new UsualSettings(Duration.ofMillis(1)),
                shared,
                meters,
                (deployment, message) -> news.add(deployment));
        opened.add(lengths);

        for (int i = 0; i < 200; i++) {
            lengths.learn("edge/a", asking("Tell me a story"), 8, new Label.Ended(i < 100 ? 20 + i % 5 : 3000 + i));
        }

        await().atMost(Duration.ofMinutes(1)).until(() -> !news.isEmpty());
        assertThat(news.getFirst()).isEqualTo("edge/a");
        assertThat(meters.get("littoral.scheduler.length.drifts").counter().count())
                .isPositive();
    }

    @Test
    void anAnswerIsComparedWithTheForecastThatItsRequestWasGiven() throws InterruptedException {
        PredictedLengths lengths = lengths(Optional.of(new Slow(new CountDownLatch(0))), Duration.ofMinutes(1));
        InferenceRequest first = asking("first", "Tell me a story about a fox");
        LengthForecast given = lengths.forecast("a", first, 8, NO_CAP).orElseThrow();
        for (int i = 0; i < 40; i++) {
            InferenceRequest other = asking("id-" + i, "Tell me a story about " + i + " foxes");
            assertThat(lengths.forecast("a", other, 8, NO_CAP)).isPresent();
            lengths.learn("a", other, 8, new Label.CutAt(9000));
        }
        await().atMost(Duration.ofMinutes(1)).until(() -> told.size() == 40);

        lengths.learn("a", first, 8, new Label.Ended(3000));
        lengths.learn("a", first, 8, new Label.Ended(3000));

        // once, and with what a model never seen was expected to say, not with what 40 long answers have taught since
        assertThat(meters.get("littoral.scheduler.length.ratio").summaries())
                .singleElement()
                .satisfies(each -> assertThat(each.count()).isOne())
                .satisfies(each -> assertThat(each.totalAmount()).isCloseTo(3000 / given.medianTokens(), within(1e-9)))
                .satisfies(each -> assertThat(each.getId().getTag("source")).isEqualTo("PRIOR"));
        assertThat(meters.get("littoral.scheduler.length.bounds")
                        .tag("kept", Boolean.toString(3000 <= given.upper90Tokens()))
                        .counter()
                        .count())
                .isOne();
    }

    @Test
    void anAnswerThatEndsAfterItsPromptWasForgottenIsLearnedFromByWhatWasReadOfIt() throws InterruptedException {
        PredictedLengths lengths = lengths(Optional.of(new Slow(new CountDownLatch(0))), Duration.ofMinutes(1));
        InferenceRequest first = asking("first", "Tell me a story about a fox");
        assertThat(lengths.forecast("a", first, 8, NO_CAP)).isPresent();
        for (int i = 0; i < new UsualSettings().rememberedPrompts(); i++) {
            assertThat(lengths.forecast("a", asking("id-" + i, "Say " + i), 8, NO_CAP))
                    .isPresent();
        }

        lengths.learn("a", first, 8, new Label.Ended(3000));

        await().atMost(Duration.ofMinutes(1)).until(() -> told.size() == 1);
        assertThat(told.getFirst().features())
                .isEqualTo(warm.probe(encoder.read("Tell me a story about a fox", 8))
                        .features());
    }

    @Test
    void anAnswerWhosePromptWasNeverReadIsCounted() throws InterruptedException {
        PredictedLengths lengths = lengths(Optional.empty(), Duration.ofMillis(1));
        lengths.forecast("a", asking("Tell me a story"), 8, NO_CAP);

        lengths.learn("a", asking("Tell me a story"), 8, new Label.Ended(3000));

        assertThat(meters.get("littoral.scheduler.length.unread").counter().count())
                .isOne();
    }

    @Test
    void whoeverHearsManyAnswersAtOnceLosesNoneAndLeavesRoomForOwnOnes() throws InterruptedException {
        int deployments = 17;
        int answers = 512;
        CountDownLatch begin = new CountDownLatch(1);
        PredictedLengths lengths = new PredictedLengths(
                warm,
                Optional.of(new Slow(new CountDownLatch(0))),
                new UsualSettings(Duration.ofMinutes(1)),
                shared.failing(() -> waitsFor(begin)),
                meters);
        opened.add(lengths);
        LearnedAnswer answer =
                new LearnedAnswer(warm.probe(encoder.read("Tell me a story", 8)).features(), 8, new Label.Ended(500));
        // the learning stands at the first own answer while all others come
        lengths.forecast("own", asking("Tell me a tale"), 8, NO_CAP);
        lengths.learn("own", asking("Tell me a tale"), 8, new Label.Ended(500));

        Thread hearing = Thread.ofPlatform().daemon().start(() -> {
            for (int i = 0; i < deployments * answers; i++) {
                lengths.heard("heard-" + i % deployments, answer);
            }
        });
        await().atMost(Duration.ofMinutes(1)).until(() -> hearing.getState() == Thread.State.WAITING);
        for (int i = 0; i < 100; i++) {
            lengths.learn("own", asking("Tell me a tale"), 8, new Label.Ended(500));
        }
        begin.countDown();

        await().atMost(Duration.ofMinutes(3)).until(() -> !hearing.isAlive() && told.size() == 101);
        await().atMost(Duration.ofMinutes(3)).until(() -> lengths.deployments().size() == deployments + 1);
        assertThat(meters.find("littoral.scheduler.length.unlearned").counters())
                .allSatisfy(counter -> assertThat(counter.count()).isZero());
    }

    @Test
    void whoeverWaitsToBeHeardGoesOnWhenTheLearningEnds() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        PredictedLengths lengths = new PredictedLengths(
                warm,
                Optional.of(new Slow(new CountDownLatch(0))),
                new UsualSettings(Duration.ofMinutes(1)),
                shared.failing(() -> waitsFor(never)),
                meters);
        lengths.forecast("own", asking("Tell me a tale"), 8, NO_CAP);
        lengths.learn("own", asking("Tell me a tale"), 8, new Label.Ended(500));
        LearnedAnswer answer =
                new LearnedAnswer(warm.probe(encoder.read("Tell me a story", 8)).features(), 8, new Label.Ended(500));
        Thread hearing = Thread.ofPlatform().daemon().start(() -> {
            for (int i = 0; i < 5000; i++) {
                lengths.heard("a", answer);
            }
        });
        await().atMost(Duration.ofMinutes(1)).until(() -> hearing.getState() == Thread.State.WAITING);

        lengths.close();

        await().atMost(Duration.ofMinutes(1)).until(() -> !hearing.isAlive());
        never.countDown();
    }

    private static boolean waitsFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    @Test
    void noWordOfAPromptIsKeptWhenItsRequestIsOver() throws InterruptedException {
        PredictedLengths lengths = lengths(Optional.of(new Slow(new CountDownLatch(0))), Duration.ofMinutes(1));
        List<WeakReference<String>> prompts = new ArrayList<>();

        for (int i = 0; i < 5; i++) {
            prompts.add(askAndLearn(lengths, "Tell me a story about " + i + " foxes"));
        }
        await().atMost(Duration.ofMinutes(1)).until(() -> told.size() == 5);

        await().atMost(Duration.ofMinutes(1)).until(() -> {
            System.gc();
            return prompts.stream().allMatch(each -> each.refersTo(null));
        });
        assertThat(lengths.deployments()).containsExactly("a");
    }

    private static WeakReference<String> askAndLearn(PredictedLengths lengths, String prompt)
            throws InterruptedException {
        InferenceRequest request = asking(prompt);
        assertThat(lengths.forecast("a", request, 8, NO_CAP)).isPresent();
        lengths.learn("a", request, 8, new Label.Ended(500));
        return new WeakReference<>(
                ((Prompt.Chat) request.prompt()).turns().getFirst().content());
    }

    private PredictedLengths lengths(Optional<PromptEncoder> reads, Duration deadline) {
        PredictedLengths lengths = new PredictedLengths(warm, reads, new UsualSettings(deadline), shared, meters);
        opened.add(lengths);
        return lengths;
    }

    private static InferenceRequest asking(String prompt) {
        return asking("id", prompt);
    }

    private static InferenceRequest asking(String id, String prompt) {
        String body = "{\"model\": \"m\", \"messages\": [{\"role\": \"user\", \"content\": \"" + prompt + "\"}]}";
        return switch (new OpenAiParser().parse(id, Dialect.CHAT, body)) {
            case RequestParsing.Parsed.Valid valid -> valid.request();
            case RequestParsing.Parsed.Invalid invalid -> throw new AssertionError(invalid);
        };
    }
}
