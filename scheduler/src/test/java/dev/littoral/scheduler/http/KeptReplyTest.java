package dev.littoral.scheduler.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.littoral.protocol.events.ErrorCode;
import dev.littoral.scheduler.openai.OpenAiParser;
import dev.littoral.scheduler.request.Dialect;
import dev.littoral.scheduler.request.FinishReason;
import dev.littoral.scheduler.request.InferenceRequest;
import dev.littoral.scheduler.request.Outcome;
import dev.littoral.scheduler.request.RequestParsing;
import dev.littoral.scheduler.request.Usage;
import java.lang.ref.WeakReference;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is remembered of requests with prompts of nearly a mebibyte each. */
class KeptReplyTest {

    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
    private static final int BODY_BYTES = 1 << 20;
    private static final long MOST_BYTES = 1 << 20;

    private final IdempotencyKeys keys =
            new IdempotencyKeys(1000, MOST_BYTES, Duration.ofHours(1), Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void nothingOfARequestIsHeldForItsReply() {
        List<WeakReference<InferenceRequest>> requests = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            requests.add(remember("k" + i, "yes"));
        }

        await().atMost(Duration.ofMinutes(1)).until(() -> {
            System.gc();
            return requests.stream().allMatch(each -> each.refersTo(null));
        });
        assertThat(keys.begin("k0", "digest")).isInstanceOf(IdempotencyKeys.Start.Again.class);
        assertThat(keys.bytes()).isBetween(20L * 1024, 20L * 2048);
    }

    @Test
    void theBoundHoldsAndTheNewestAreKept() {
        // 1 MiB holds 10 replies of 100 kB and what each takes beside
        for (int i = 0; i < 50; i++) {
            remember("k" + i, "x".repeat(100_000));

            assertThat(keys.bytes()).isLessThanOrEqualTo(MOST_BYTES);
        }

        assertThat(keys.begin("k39", "digest")).isInstanceOf(IdempotencyKeys.Start.Fresh.class);
        assertThat(keys.begin("k40", "digest")).isInstanceOf(IdempotencyKeys.Start.Again.class);
    }

    @Test
    void aReplyThatIsLongerThanAllMayBeTakesThePlaceOfNone() {
        remember("small", "yes");

        remember("large", "x".repeat(2 << 20));

        assertThat(keys.begin("large", "digest")).isInstanceOf(IdempotencyKeys.Start.Fresh.class);
        assertThat(keys.begin("small", "digest")).isInstanceOf(IdempotencyKeys.Start.Again.class);
    }

    @Test
    void whoWaitsForAReplyThatIsTooLongToKeepGetsIt() {
        IdempotencyKeys.Start.Fresh begun = (IdempotencyKeys.Start.Fresh) keys.begin("large", "digest");
        IdempotencyKeys.Start.Again waiting = (IdempotencyKeys.Start.Again) keys.begin("large", "digest");

        keys.end("large", begun, Optional.of(answered(request(), "x".repeat(2 << 20))), NOW);

        assertThat(waiting.answer().join()).isPresent();
    }

    @Test
    void aRefusalThatStandsIsKeptWithItsStatus() throws Exception {
        Outcome refused = Outcome.Refused.of(ErrorCode.INVALID_REQUEST, "wrong", "n");

        KeptReply reply = KeptReply.of(refused, NOW);

        assertThat(reply.statusCode()).isEqualTo(400);
        assertThat(new ObjectMapper()
                        .readTree(new String(reply.body(), UTF_8))
                        .at("/error/param")
                        .asText())
                .isEqualTo("n");
    }

    private WeakReference<InferenceRequest> remember(String key, String text) {
        IdempotencyKeys.Start.Fresh begun = (IdempotencyKeys.Start.Fresh) keys.begin(key, "digest");
        InferenceRequest request = request();
        keys.end(key, begun, Optional.of(answered(request, text)), NOW);
        return new WeakReference<>(request);
    }

    private static Outcome answered(InferenceRequest request, String text) {
        return new Outcome.Answered(request, text, FinishReason.STOP, new Usage(1, 1));
    }

    private static InferenceRequest request() {
        String body = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + "x".repeat(BODY_BYTES - 100)
                + "\"}]}";
        return switch (new OpenAiParser().parse("id", Dialect.CHAT, body)) {
            case RequestParsing.Parsed.Valid valid -> valid.request();
            case RequestParsing.Parsed.Invalid invalid -> throw new AssertionError(invalid);
        };
    }
}
