package dev.littoral.scheduler.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.scheduler.rig.FakeAgent;
import io.micrometer.core.instrument.Timer;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class IdempotencyKeyTest extends RoutesRig {

    @Test
    void theSameKeyTwiceIsAnsweredTheSameAndRunsOnce() throws Exception {
        deploy(FakeAgent.saying("to", "day"));

        HttpResponse<String> first = post("/v1/chat/completions", CHAT.formatted(""), "Idempotency-Key", "k1");
        HttpResponse<String> second = post("/v1/chat/completions", CHAT.formatted(""), "Idempotency-Key", "k1");

        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.headers().firstValue("Idempotency-Replayed")).contains("true");
        assertThat(first.headers().firstValue("Idempotency-Replayed")).isEmpty();
        assertThat(agents.getFirst().requests()).hasSize(1);
    }

    @Test
    void aStreamThatIsAskedForAgainHasTheSameTextAndEnd() throws Exception {
        deploy(FakeAgent.saying("to", "day"));

        post("/v1/chat/completions", CHAT.formatted(",\"stream\":true"), "Idempotency-Key", "k1");
        HttpResponse<String> second =
                post("/v1/chat/completions", CHAT.formatted(",\"stream\":true"), "Idempotency-Key", "k1");

        assertThat(JSON.readTree(events(second.body()).get(1))
                        .at("/choices/0/delta/content")
                        .asText())
                .isEqualTo("today");
        assertThat(events(second.body())).last().isEqualTo("[DONE]");
    }

    @Test
    void theSameKeyWithAnotherBodyIsRefusedByName() throws Exception {
        deploy(FakeAgent.saying("x"));
        post("/v1/chat/completions", CHAT.formatted(""), "Idempotency-Key", "k1");

        HttpResponse<String> other =
                post("/v1/chat/completions", CHAT.formatted(",\"max_tokens\":3"), "Idempotency-Key", "k1");

        assertError(other, 422, "idempotency_key_reused");
    }

    @Test
    void whatWasNotAnsweredCanBeAskedForAgain() throws Exception {
        HttpResponse<String> early = post("/v1/chat/completions", CHAT.formatted(""), "Idempotency-Key", "k1");
        deploy(FakeAgent.saying("x"));

        HttpResponse<String> late = post("/v1/chat/completions", CHAT.formatted(""), "Idempotency-Key", "k1");

        assertThat(early.statusCode()).isEqualTo(404);
        assertThat(late.statusCode()).isEqualTo(200);
    }

    @Test
    void allChoicesAndTheirTokensCountIntoTheBytesThatAreRemembered() throws Exception {
        // the first choice's text has 1 kB, the reply more than the 20 kB that are remembered
        deploy(8, (request, call) -> {
            call.started(7);
            for (int i = 0; i < 100; i++) {
                call.delta("0123456789", choice("0123456789", -1, true));
            }
            call.finished(FinishReason.STOP);
        });
        String many = CHAT.formatted(",\"n\":2,\"logprobs\":true,\"top_logprobs\":1");

        HttpResponse<String> first = post("/v1/chat/completions", many, "Idempotency-Key", "k1");

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.body().length()).isGreaterThan(20_000);
        // one that comes while the reply is still written is answered with it
        await().atMost(Duration.ofMinutes(1))
                .until(() -> post("/v1/chat/completions", many, "Idempotency-Key", "k1")
                        .headers()
                        .firstValue("Idempotency-Replayed")
                        .isEmpty());
        assertThat(agents.getFirst().requests()).hasSize(4);
    }

    @Test
    void aStreamOfSeveralChoicesIsSaidAgainWithAllOfThem() throws Exception {
        deploy(8, FakeAgent.saying("to", "day"));
        String many = CHAT.formatted(",\"n\":2,\"stream\":true,\"stream_options\":{\"include_usage\":true}");

        post("/v1/chat/completions", many, "Idempotency-Key", "k1");
        HttpResponse<String> second = post("/v1/chat/completions", many, "Idempotency-Key", "k1");

        // two that name the role, two with text, two with the reason, usage, the end
        List<String> events = events(second.body());
        assertThat(events).hasSize(8);
        assertThat(JSON.readTree(events.get(3)).at("/choices/0/delta/content").asText())
                .isEqualTo("today");
        assertThat(JSON.readTree(events.get(6)).at("/usage/completion_tokens").asInt())
                .isPositive();
        assertThat(second.headers().firstValue("Content-Type")).contains("text/event-stream; charset=utf-8");
        assertThat(agents.getFirst().requests()).hasSize(2);
    }

    @Test
    void onlySoManyKeysAreRemembered() throws Exception {
        deploy(FakeAgent.saying("x"));
        for (String key : List.of("k1", "k2", "k3", "k1")) {
            post("/v1/chat/completions", CHAT.formatted(""), "Idempotency-Key", key);
        }

        // k1 was forgotten when k3 came
        assertThat(agents.getFirst().requests()).hasSize(4);
    }

    @Test
    void whoeverWaitsForItsTwinAndHangsUpGivesItsRoomBackBeforeTheTwinEnds() throws Exception {
        FakeAgent agent = deploy(FakeAgent.hanging("x"));
        String body = CHAT.formatted("").replace("hi", "x".repeat(60_000));
        CompletableFuture<?> first = client.sendAsync(
                request("/v1/chat/completions", body, "Idempotency-Key", "k1"), HttpResponse.BodyHandlers.ofString());
        await().atMost(Duration.ofMinutes(1)).until(() -> agent.running() == 1);

        // 20 of them would be more bytes than are held
        for (int i = 0; i < 20; i++) {
            try (Socket twin = send(body, "Idempotency-Key: k1\r\n")) {
                assertThat(twin.isConnected()).isTrue();
            }
            int gone = i + 1;
            await().atMost(Duration.ofMinutes(1)).until(() -> ended("CANCELLED") == gone);
        }

        assertThat(first).isNotDone();
        assertThat(agent.running()).isOne();
        assertThat(ended("NO_CAPACITY")).isZero();
        // closing the client would wait for its end
        assertThat(first.cancel(true)).isTrue();
    }

    @Test
    void whatEndsBeforeItIsRunIsCountedToo() throws Exception {
        deploy(FakeAgent.saying("x"));

        post("/v1/chat/completions", CHAT.formatted(""), "Idempotency-Key", "k1");
        post("/v1/chat/completions", CHAT.formatted(""), "Idempotency-Key", "k1");
        post("/v1/chat/completions", CHAT.formatted(",\"max_tokens\":3"), "Idempotency-Key", "k1");
        post("/v1/chat/completions", CHAT.formatted(""), "x-littoral-deadline", "tomorrow");
        post("/v1/chat/completions", CHAT.formatted(""), "Idempotency-Key", " ");
        post("/v1/chat/completions", "x".repeat(100_000));

        await().atMost(Duration.ofMinutes(1)).until(() -> ended("INVALID_REQUEST") == 4);
        assertThat(ended("REPLAYED")).isOne();
    }

    private long ended(String code) {
        return meters.find("littoral.scheduler.requests").tag("code", code).timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }
}
