package dev.littoral.scheduler.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.scheduler.rig.FakeAgent;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestTermsTest extends RoutesRig {

    @Test
    void aDeadlineInTheHeadersBoundsTheAnswer() throws Exception {
        deploy(FakeAgent.hanging());
        Instant soon = Instant.now().plusMillis(300);

        HttpResponse<String> response = post("/v1/chat/completions", CHAT.formatted(""), "x-littoral-deadline", soon);

        assertError(response, 504, "deadline_exceeded");
        assertThat(response.headers().firstValue("x-littoral-request-dropped-reason"))
                .contains("rejected-ttl-expired");
        assertThat(agents.getFirst().requests().getFirst().getDeadlineEpochMillis())
                .isEqualTo(soon.toEpochMilli());
    }

    @Test
    void aDeadlineInThePastNeverReachesAnAgent() throws Exception {
        deploy(FakeAgent.saying("x"));

        HttpResponse<String> response =
                post("/v1/chat/completions", CHAT.formatted(""), "x-littoral-deadline", "2020-01-01T00:00:00Z");

        assertError(response, 504, "deadline_exceeded");
        assertThat(agents.getFirst().requests()).isEmpty();
    }

    @Test
    void aPriorityInTheHeadersGoesFirst() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        deploy((request, call) -> {
            call.started(7);
            go.await();
            call.finished(FinishReason.STOP);
        });
        CompletableFuture<?> running = later("first", "0");
        await().until(() -> agents.getFirst().running() == 1);
        CompletableFuture<?> low = later("low", "-1");
        await().until(() -> rig.slots.waiting() == 1);
        CompletableFuture<?> high = later("high", "7");
        await().until(() -> rig.slots.waiting() == 2);

        go.countDown();

        CompletableFuture.allOf(running, low, high).join();
        assertThat(agents.getFirst().requests())
                .extracting(each -> each.getChat().getMessages(0).getContent())
                .containsExactly("first", "high", "low");
    }

    @Test
    void aFloodUnderOneIdLeavesItsRoomToAnotherAndIsToldWhy() throws Exception {
        deploy(FakeAgent.hanging());
        CompletableFuture<HttpResponse<String>> running = asked("x-littoral-fairness-id", "flood");
        await().until(() -> agents.getFirst().running() == 1);
        CompletableFuture<HttpResponse<String>> last = running;
        for (int n = 1; n <= 4; n++) {
            last = asked("x-llm-d-inference-fairness-id", "flood");
            int waiting = n;
            await().until(() -> rig.slots.waiting() == waiting);
        }

        assertDropped(post("/v1/chat/completions", CHAT.formatted(",\"user\":\"flood\"")), "rejected-saturated");
        CompletableFuture<HttpResponse<String>> other = asked("x-littoral-fairness-id", "other");

        assertDropped(last.get(1, TimeUnit.MINUTES), "evicted-fairness");
        other.cancel(true);
        running.cancel(true);
    }

    @Test
    void moreBytesThanMayBeHeldAreRefusedUntilSomeAreGivenBack() throws Exception {
        // a prompt as long waits until the one before is read
        FakeAgent agent = deploy(20, FakeAgent.hanging("x"));
        String body = CHAT.formatted("").replace("\"hi\"", "\"" + "x".repeat(60_000) + "\"");
        List<CompletableFuture<HttpResponse<String>>> held = new ArrayList<>();
        for (int n = 1; n <= 17; n++) {
            held.add(client.sendAsync(request("/v1/chat/completions", body), HttpResponse.BodyHandlers.ofString()));
            int running = n;
            await().until(() -> agent.running() == running);
        }

        // 17 times 60,060 bytes are within 1 MiB, 18 times are not
        HttpResponse<String> refused = post("/v1/chat/completions", body);

        assertError(refused, 429, "no_capacity");
        // one of 50 tokens at 100 per second ends next
        assertThat(refused.headers().firstValue("Retry-After"))
                .hasValueSatisfying(wait -> assertThat(Integer.parseInt(wait)).isBetween(1, 120));
        assertThat(refused.headers().firstValue("x-littoral-request-dropped-reason"))
                .contains("rejected-saturated");
        assertThat(meters.get("littoral.scheduler.dropped")
                        .tag("reason", "BytesHeld")
                        .counter()
                        .count())
                .isEqualTo(1);
        held.forEach(each -> each.cancel(true));
        agent.script(FakeAgent.saying("x"));
        await().until(() -> post("/v1/chat/completions", body).statusCode() == 200);
    }

    private CompletableFuture<HttpResponse<String>> asked(String header, String id) {
        return client.sendAsync(
                request("/v1/chat/completions", CHAT.formatted(""), header, id), HttpResponse.BodyHandlers.ofString());
    }

    private static void assertDropped(HttpResponse<String> response, String why) throws Exception {
        assertError(response, 429, "no_capacity");
        // four wait, of some 50 tokens each at 100 per second: a place every half second
        assertThat(response.headers().firstValue("Retry-After"))
                .hasValueSatisfying(wait -> assertThat(Integer.parseInt(wait)).isBetween(1, 4));
        assertThat(response.headers().firstValue("x-littoral-request-dropped-reason"))
                .contains(why);
    }

    @ParameterizedTest
    @CsvSource({
        "x-littoral-deadline, soon",
        "x-littoral-deadline, 1700000000",
        "x-littoral-priority, high",
        "x-littoral-priority, 3000000000"
    })
    void aHeaderThatCannotBeReadIsRefusedByName(String header, String value) throws Exception {
        HttpResponse<String> response = post("/v1/chat/completions", CHAT.formatted(""), header, value);

        assertError(response, 400, "invalid_request");
        assertThat(response.body()).contains(header);
    }
}
