package dev.littoral.scheduler.length;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.littoral.algorithms.length.Label;
import dev.littoral.algorithms.length.LengthForecast;
import dev.littoral.scheduler.openai.OpenAiParser;
import dev.littoral.scheduler.request.AnswerLengths;
import dev.littoral.scheduler.request.Dialect;
import dev.littoral.scheduler.request.InferenceRequest;
import dev.littoral.scheduler.request.RequestParsing.Parsed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SimpleLengthsTest {

    private static final LengthForecast PREDICTED = new LengthForecast(9, 8, 30, LengthForecast.Source.LEARNED);

    private final List<Label> learned = new ArrayList<>();
    private final AnswerLengths predictor = new AnswerLengths() {

        @Override
        public Optional<LengthForecast> forecast(
                String deployment, InferenceRequest request, double promptTokens, int capTokens) {
            return Optional.of(PREDICTED);
        }

        @Override
        public void learn(String deployment, InferenceRequest request, double promptTokens, Label label) {
            learned.add(label);
        }
    };

    @Test
    void byThePromptAnAnswerHasOneAndAHalfTimesItsTokens() throws InterruptedException {
        LengthForecast forecast =
                new PromptLengths(predictor).forecast("a", asking(""), 40, 512).orElseThrow();

        assertThat(forecast.meanTokens()).isEqualTo(60);
        // an exponential law: one in ten exceeds 2.3 means
        assertThat(forecast.upper90Tokens()).isCloseTo(138.2, within(0.1));
    }

    @Test
    void whatIsToldIsTakenAndWhatIsNotIsPredicted() throws InterruptedException {
        ToldLengths told = new ToldLengths(predictor);

        assertThat(told.forecast("a", asking(",\"littoral_answer_tokens\":120"), 40, 512)
                        .orElseThrow())
                .isEqualTo(new LengthForecast(120, 120, 120, LengthForecast.Source.RULE));
        assertThat(told.forecast("a", asking(""), 40, 512)).hasValue(PREDICTED);
    }

    @Test
    void whateverIsKnownOfLengthsThePredictorGoesOnLearning() {
        new PromptLengths(predictor).learn("a", asking(""), 40, new Label.Ended(7));
        new ToldLengths(predictor).learn("a", asking(""), 40, new Label.CutAt(8));

        assertThat(learned).containsExactly(new Label.Ended(7), new Label.CutAt(8));
    }

    private static InferenceRequest asking(String field) {
        Parsed parsed =
                new OpenAiParser().parse("id", Dialect.COMPLETIONS, "{\"model\":\"m\",\"prompt\":\"hi\"" + field + "}");
        return ((Parsed.Valid) parsed).request();
    }
}
