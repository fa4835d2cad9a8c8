package dev.littoral.scheduler.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.scheduler.rig.FakeAgent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Schedulers that never get to commit, and that are killed and joined by others. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ExactlyOneFinalIT {

    private static final String CHAT = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final FakeAgent.Script TODAY = FakeAgent.saying("to", "day");
    private static final Map<String, String> NEVER_COMMITS = Map.of(
            // what a commit does not know of is known, however little else is remembered
            "LITTORAL_KAFKA_REMEMBERED_IDS", "1",
            "MP_MESSAGING_INCOMING_REQUESTS_AUTO_COMMIT_INTERVAL_MS", "3600000",
            "MP_MESSAGING_INCOMING_REQUESTS_SESSION_TIMEOUT_MS", "6000",
            "MP_MESSAGING_INCOMING_REQUESTS_HEARTBEAT_INTERVAL_MS", "500");

    private final FakeAgent agent = new FakeAgent("a", 16, TODAY);
    private RealParts parts;
    private KafkaUser user;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        parts = new RealParts(folder, NEVER_COMMITS);
        parts.deploy(agent);
        user = new KafkaUser(parts.bootstrap());
    }

    @AfterAll
    void stop() {
        user.close();
        parts.close();
        agent.close();
    }

    @Test
    @Order(1)
    void aSchedulerKilledBetweenFinalAndCommitLeavesNoSecondFinal() throws Exception {
        user.ask("first", CHAT);
        user.end("first");
        agent.script(FakeAgent.hanging("x"));
        user.ask("slow", CHAT);
        await().until(() -> agent.running() == 1);
        agent.script(TODAY);
        user.ask("quick", CHAT);
        user.end("quick");
        assertThat(user.committed()).isZero();

        parts.replaceScheduler();
        user.ask("after", CHAT);
        user.end("slow");
        user.end("after");

        for (String id : List.of("first", "slow", "quick", "after")) {
            assertThat(user.finals(id)).as(id).hasSize(1);
        }
        assertThat(agent.requests()).extracting(GenerateRequest::getId).containsOnlyOnce("first", "quick", "after");
    }

    @Test
    @Order(2)
    void aSchedulerThatJoinsTakesRequestsOverWithoutASecondFinal() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        agent.script((request, call) -> {
            call.started(7);
            go.await();
            call.delta("x");
            call.finished(FinishReason.STOP);
        });
        for (int each = 0; each < 8; each++) {
            user.ask(each % 4, "moved-" + each, CHAT);
        }
        await().until(() -> agent.running() == 8);
        int before = agent.cancelled();

        parts.addScheduler();
        await().atMost(Duration.ofSeconds(30)).until(() -> agent.cancelled() == before + 4);
        go.countDown();

        for (int each = 0; each < 8; each++) {
            assertThat(user.end("moved-" + each).path("status_code").asInt()).isEqualTo(200);
        }
        user.poll(Duration.ofMillis(500));
        for (int each = 0; each < 8; each++) {
            assertThat(user.finals("moved-" + each)).as("moved-" + each).hasSize(1);
        }
        // two of the four partitions moved; what ran on the others was left alone
        assertThat(agent.requests().stream()
                        .map(GenerateRequest::getId)
                        .filter(id -> id.startsWith("moved-"))
                        .collect(Collectors.groupingBy(id -> id, Collectors.counting()))
                        .values())
                .hasSize(8)
                .filteredOn(times -> times == 1)
                .hasSize(4);
    }
}
