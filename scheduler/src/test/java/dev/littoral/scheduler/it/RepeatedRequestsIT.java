package dev.littoral.scheduler.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.scheduler.rig.FakeAgent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Requests that are sent again, or run again, when their partition has another scheduler. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RepeatedRequestsIT {

    private static final int PARTITIONS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CHAT = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String OTHER = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"ho\"}]}";
    private static final FakeAgent.Script TODAY = FakeAgent.saying("to", "day");
    private static final Map<String, String> TAKEN_FOR_DEAD_SOON = Map.of(
            "MP_MESSAGING_INCOMING_REQUESTS_SESSION_TIMEOUT_MS", "6000",
            "MP_MESSAGING_INCOMING_REQUESTS_HEARTBEAT_INTERVAL_MS", "500");

    private final FakeAgent agent = new FakeAgent("a", 16, TODAY);
    private RealParts parts;
    private KafkaUser user;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        parts = new RealParts(folder, TAKEN_FOR_DEAD_SOON);
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
    void aRequestSentAgainAfterItsSchedulerWasKilledHasOneFinal() throws Exception {
        askEverywhere("before-", CHAT);
        committed();

        parts.replaceScheduler();
        askEverywhere("before-", CHAT);

        hasOneFinalEach("before-");
    }

    @Test
    @Order(2)
    void anotherRequestOfAnIdThatAKilledSchedulerAnsweredIsADeadLetter() throws Exception {
        user.ask("before-0", OTHER);

        assertThat(KafkaUser.header(user.deadLetter("IdReused"), "ce_id")).isEqualTo("before-0");
        hasOneFinalEach("before-");
    }

    @Test
    @Order(3)
    void theChunksOfARequestThatRunsAgainAreThoseOfALargerAttempt() throws Exception {
        agent.script(FakeAgent.hanging("yesterday"));
        user.ask("again", CHAT);
        user.await(each -> KafkaUser.header(each, "ce_requestid").equals("again"));
        agent.script(TODAY);

        parts.replaceScheduler();
        String answer =
                user.end("again").at("/payload/choices/0/message/content").asText();

        List<ConsumerRecord<String, byte[]>> chunks = user.chunks("again");
        long first = attempt(chunks.getFirst());
        assertThat(chunks).extracting(each -> KafkaUser.header(each, "ce_id")).doesNotHaveDuplicates();
        assertThat(text(chunks, first)).isEqualTo("yesterday");
        assertThat(chunks.stream().mapToLong(RepeatedRequestsIT::attempt))
                .isSorted()
                .allMatch(each -> each >= first);
        assertThat(answer).isEqualTo("today");
        assertThat(text(chunks, attempt(chunks.getLast()))).isEqualTo(answer);
    }

    @Test
    @Order(4)
    void aRequestSentAgainAfterAnotherSchedulerJoinedHasOneFinal() throws Exception {
        askEverywhere("moved-", CHAT);
        committed();
        parts.addScheduler();
        await("the one that joined to take two partitions over")
                .atMost(PATIENCE)
                .until(() -> parts.schedulerLog().split("answered requests are remembered", -1).length > 2);

        askEverywhere("moved-", CHAT);
        askEverywhere("before-", CHAT);

        hasOneFinalEach("moved-");
        hasOneFinalEach("before-");
    }

    private void askEverywhere(String prefix, String body) throws Exception {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            user.ask(partition, prefix + partition, body);
        }
    }

    private void committed() {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            int number = partition;
            await().atMost(PATIENCE).until(() -> user.committed(number) == user.end(number));
        }
    }

    /** What is committed has its final in front of the one of whoever asks now. */
    private void hasOneFinalEach(String prefix) throws Exception {
        committed();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            String marker = prefix + "marker-" + partition + "-" + user.end(partition);
            user.ask(partition, marker, CHAT);
            user.end(marker);
            assertThat(user.finals(prefix + partition)).hasSize(1);
            assertThat(agent.requests()).extracting(GenerateRequest::getId).containsOnlyOnce(prefix + partition);
        }
    }

    private static long attempt(ConsumerRecord<String, byte[]> chunk) {
        return Long.parseLong(KafkaUser.header(chunk, "ce_attempt"));
    }

    private static String text(List<ConsumerRecord<String, byte[]>> chunks, long attempt) throws IOException {
        StringBuilder text = new StringBuilder();
        for (ConsumerRecord<String, byte[]> each : chunks) {
            if (attempt(each) == attempt) {
                JsonNode data = JSON.readTree(each.value());
                text.append(data.at("/choices/0/delta/content").asText());
            }
        }
        return text.toString();
    }
}
