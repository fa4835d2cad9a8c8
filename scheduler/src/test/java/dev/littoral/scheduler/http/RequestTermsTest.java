package dev.littoral.scheduler.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.scheduler.rig.FakeAgent;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
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
