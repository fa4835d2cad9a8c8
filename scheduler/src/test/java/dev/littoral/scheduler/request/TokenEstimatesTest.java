package dev.littoral.scheduler.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.littoral.algorithms.length.Label;
import dev.littoral.algorithms.length.LengthForecast;
import dev.littoral.algorithms.length.LengthForecast.Source;
import dev.littoral.algorithms.routing.MeanAnswerLength;
import dev.littoral.algorithms.routing.Work;
import dev.littoral.scheduler.openai.OpenAiParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TokenEstimatesTest {

    private static final OptionalInt CONTEXT = OptionalInt.of(512);

    @Test
    void routingIsToldTheQuantilesOfTheForecast() throws InterruptedException {
        Work work = estimates(Optional.of(new LengthForecast(120, 90, 300, Source.LEARNED)))
                .expect("a", asking("hi", ""), CONTEXT);

        assertThat(work.answerTokens()).isEqualTo(120);
        assertThat(work.forecast().medianTokens()).isEqualTo(90);
        assertThat(work.forecast().upperTokens()).isEqualTo(300);
    }

    @Test
    void nothingIsExpectedBeyondWhatTheAnswerMayHave() throws InterruptedException {
        TokenEstimates told = estimates(Optional.of(new LengthForecast(900, 800, 5000, Source.LEARNED)));
        TokenEstimates guessed = estimates(Optional.empty());

        // of the context the prompt takes 1 + 2 / 3.5 tokens
        assertThat(told.expect("a", asking("hi", ""), CONTEXT).forecast().upperTokens())
                .isCloseTo(510.4, within(0.1));
        assertThat(told.expect("a", asking("hi", ",\"max_tokens\":40"), CONTEXT)
                        .forecast()
                        .upperTokens())
                .isEqualTo(40);
        assertThat(guessed.expect("a", asking("hi", ",\"max_tokens\":40"), CONTEXT)
                        .forecast()
                        .upperTokens())
                .isLessThanOrEqualTo(40);
    }

    @Test
    void aForecastThatIsNoLengthIsBounded() throws InterruptedException {
        Work work = estimates(Optional.of(new LengthForecast(0, 0, 0, Source.HISTOGRAM)))
                .expect("a", asking("hi", ""), CONTEXT);

        assertThat(work.forecast().meanTokens()).isEqualTo(1);
        assertThat(work.forecast().upperTokens()).isEqualTo(1);
    }

    @Test
    void aLongPromptIsKnownAgainByItsBeginning() throws InterruptedException {
        TokenEstimates estimates = estimates(Optional.empty());

        Work one = estimates.expect("a", asking("x".repeat(300) + " first", ""), CONTEXT);

        assertThat(one.prefix().blocks()).isEqualTo(2);
        assertThat(estimates.expect("a", asking("hi", ""), CONTEXT).prefix().blocks())
                .isZero();
    }

    @Test
    void anAnswerWhosePromptNobodyCountedIsLearnedFromToo() throws InterruptedException {
        List<String> learned = new ArrayList<>();
        TokenEstimates estimates = new TokenEstimates(MeanAnswerLength.prior(100, 2, 0.98), new AnswerLengths() {

            @Override
            public Optional<LengthForecast> forecast(
                    String deployment, InferenceRequest request, double promptTokens, int capTokens) {
                return Optional.empty();
            }

            @Override
            public void learn(String deployment, InferenceRequest request, double promptTokens, Label label) {
                learned.add(promptTokens + " " + label);
            }
        });
        InferenceRequest request = asking("x".repeat(35), "");
        double before = estimates.expect("a", request, CONTEXT).answerTokens();

        estimates.learn("a", new Outcome.Answered(request, "y", FinishReason.STOP, new Usage(0, 300)));
        estimates.learn("a", new Outcome.Answered(request, "", FinishReason.STOP, new Usage(0, 0)));

        // 1 + 35 / 3.5; nothing of the server that counted nothing at all
        assertThat(learned).containsExactly("11.0 Ended[tokens=300]");
        assertThat(estimates.expect("a", request, CONTEXT).answerTokens()).isGreaterThan(before);
        assertThat(estimates.expect("a", request, CONTEXT).promptTokens()).isCloseTo(11, within(1e-9));
    }

    private static TokenEstimates estimates(Optional<LengthForecast> forecast) {
        return new TokenEstimates(MeanAnswerLength.prior(100, 2, 0.98), new AnswerLengths() {

            @Override
            public Optional<LengthForecast> forecast(
                    String deployment, InferenceRequest request, double promptTokens, int capTokens) {
                return forecast;
            }

            @Override
            public void learn(String deployment, InferenceRequest request, double promptTokens, Label label) {
                throw new AssertionError("nothing is learned here");
            }
        });
    }

    private static InferenceRequest asking(String prompt, String more) {
        String body = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]" + more + "}";
        return switch (new OpenAiParser().parse("id", Dialect.CHAT, body)) {
            case RequestParsing.Parsed.Valid valid -> valid.request();
            case RequestParsing.Parsed.Invalid invalid -> throw new AssertionError(invalid);
        };
    }
}
