package dev.littoral.scheduler.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.scheduler.rig.FakeAgent;
import io.grpc.Status;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReadersTest extends RoutesRig {

    @Test
    void anAgentThatDiesInAStreamLeavesAnErrorAndAnEnd() throws Exception {
        deploy((request, call) -> {
            call.started(7);
            call.delta("x");
            call.fail(Status.UNAVAILABLE, "NextStageLost");
        });

        HttpResponse<String> response = post("/v1/chat/completions", CHAT.formatted(",\"stream\":true"));

        List<String> events = events(response.body());
        assertThat(events).last().isEqualTo("[DONE]");
        assertThat(JSON.readTree(events.get(events.size() - 2))
                        .at("/error/code")
                        .asText())
                .isEqualTo("agent_lost");
    }

    @Test
    void aClientThatHangsUpEndsTheCallToTheAgent() throws Exception {
        deploy(FakeAgent.hanging("x"));
        FakeAgent agent = agents.getFirst();
        try (Socket socket = send(CHAT.formatted(",\"stream\":true"))) {
            await().until(() -> agent.running() == 1);
            assertThat(socket.getInputStream().read()).isPositive();
        }

        await().atMost(Duration.ofSeconds(2)).until(() -> agent.cancelled() == 1 && agent.running() == 0);
    }

    @Test
    void aClientThatHangsUpBeforeItsAnswerEndsTheCall() throws Exception {
        deploy(FakeAgent.hanging());
        FakeAgent agent = agents.getFirst();
        try (Socket socket = send(CHAT.formatted(""))) {
            await().until(() -> agent.running() == 1);
            assertThat(socket.isConnected()).isTrue();
        }

        await().atMost(Duration.ofSeconds(2)).until(() -> agent.cancelled() == 1 && agent.running() == 0);
    }

    @Test
    void aReaderThatTakesNothingHoldsTheAgentBack() throws Exception {
        AtomicInteger said = new AtomicInteger();
        int pieces = 2000;
        deploy((request, call) -> {
            call.started(7);
            String piece = "y".repeat(16_384);
            // like a real agent, this one speaks only while the reader's side has room
            for (int each = 0; each < pieces && call.awaitReady(); each++) {
                call.delta(piece);
                said.incrementAndGet();
            }
            call.finished(FinishReason.STOP);
        });

        try (Socket socket = send(CHAT.formatted(",\"stream\":true"))) {
            AtomicInteger before = new AtomicInteger(-1);
            await().pollInterval(Duration.ofMillis(500))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> said.get() > 0 && before.getAndSet(said.get()) == said.get());

            // what lies in sockets and windows is a few megabytes of the 32
            assertThat(said.get()).isLessThan(pieces);
            assertThat(socket.isConnected()).isTrue();
        }
    }
}
