package dev.littoral.scheduler.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.scheduler.openai.OpenAiParser;
import dev.littoral.scheduler.request.AnswerSink;
import dev.littoral.scheduler.request.Cancellation;
import dev.littoral.scheduler.request.Dialect;
import dev.littoral.scheduler.request.FinishReason;
import dev.littoral.scheduler.request.InferenceRequest;
import dev.littoral.scheduler.request.Outcome;
import dev.littoral.scheduler.request.Piece;
import dev.littoral.scheduler.request.RawRequest;
import dev.littoral.scheduler.request.ReaderGone;
import dev.littoral.scheduler.request.RequestParsing;
import dev.littoral.scheduler.request.Terms;
import dev.littoral.scheduler.request.Usage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeteredAnsweringTest {

    private static final String BODY = "{\"model\":\"m\",\"prompt\":\"x\"}";

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 0"})
    void theTimeBetweenTokensIsThatOfRequestsForOneAnswer(int choices, long counted) {
        Outcome.Choice choice = new Outcome.Choice("ab", FinishReason.STOP, List.of());
        MeteredAnswering metered = new MeteredAnswering(
                (raw, sink, cancellation) -> {
                    say(sink);
                    return new Outcome.Answered(
                            request(), Collections.nCopies(choices, choice), new Usage(3, 10 * choices));
                },
                meters);

        Outcome ignored = metered.answer(
                new RawRequest("id", Dialect.COMPLETIONS, BODY, terms()), new Silent(), new Cancellation());

        assertThat(meters.get("littoral.scheduler.time.per.output.token")
                        .timer()
                        .count())
                .isEqualTo(counted);
        assertThat(meters.get("littoral.scheduler.time.to.first.token").timer().count())
                .isOne();
        assertThat(meters.get("littoral.scheduler.requests")
                        .tag("code", "OK")
                        .timer()
                        .count())
                .isOne();
    }

    private static void say(AnswerSink sink) {
        try {
            sink.piece(new Piece(0, "a"));
        } catch (InterruptedException | ReaderGone e) {
            throw new IllegalStateException(e);
        }
    }

    private static Terms terms() {
        return new Terms(Instant.EPOCH, 0, Duration.ofSeconds(1), false);
    }

    private static InferenceRequest request() {
        return switch (new OpenAiParser().parse("id", Dialect.COMPLETIONS, BODY)) {
            case RequestParsing.Parsed.Valid valid -> valid.request();
            case RequestParsing.Parsed.Invalid invalid -> throw new AssertionError(invalid);
        };
    }

    private static final class Silent implements AnswerSink {

        @Override
        public void started(InferenceRequest request) {}

        @Override
        public void text(String piece) {}

        @Override
        public void restart(int attempt) {}

        @Override
        public boolean restartable() {
            return true;
        }
    }
}
