package dev.littoral.scheduler.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.protocol.events.Topics;
import dev.littoral.scheduler.rig.FakeAgent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A topic of requests that loses what it had, by its retention or by somebody who makes it anew. */
class ChangedTopicIT {

    private static final String CHAT = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final FakeAgent.Script TODAY = FakeAgent.saying("to", "day");
    private static final TopicPartition REQUESTS = new TopicPartition(Topics.REQUESTS, 0);
    private static final int PARTITIONS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Map<String, String> TAKEN_FOR_DEAD_SOON = Map.of(
            "MP_MESSAGING_INCOMING_REQUESTS_SESSION_TIMEOUT_MS", "6000",
            "MP_MESSAGING_INCOMING_REQUESTS_HEARTBEAT_INTERVAL_MS", "500");

    private final FakeAgent agent = new FakeAgent("a", 8, TODAY);

    @TempDir
    Path folder;

    private RealParts parts;
    private KafkaUser user;
    private Admin admin;

    @BeforeEach
    void start() throws Exception {
        parts = new RealParts(folder, TAKEN_FOR_DEAD_SOON);
        parts.deploy(agent);
        user = new KafkaUser(parts.bootstrap());
        admin = Admin.create(Map.of("bootstrap.servers", parts.bootstrap()));
    }

    @AfterEach
    void stop() {
        admin.close(Duration.ZERO);
        user.close();
        parts.close();
        agent.close();
    }

    @Test
    void requestsThatRetentionTookAwayDoNotHoldTheCommitBack() throws Exception {
        agent.script(FakeAgent.hanging("x"));
        user.ask("slow", CHAT);
        await().atMost(PATIENCE).until(() -> agent.running() == 1);
        agent.script(TODAY);
        answered("before-", 5);
        // six offsets are known to the commit, of which the first is open
        await().atMost(PATIENCE).until(() -> metadata().endsWith(" 6 0"));
        assertThat(user.committed()).isZero();
        Programs.kill(parts.scheduler());
        admin.deleteRecords(Map.of(REQUESTS, RecordsToDelete.beforeOffset(6)))
                .all()
                .get();

        parts.addScheduler();
        answered("after-", 5);

        await().atMost(PATIENCE).until(() -> user.committed() == user.end());
        assertThat(user.end()).isEqualTo(11);
        haveOneFinalEach("before-", 5);
        haveOneFinalEach("after-", 5);
    }

    @Test
    void aSchedulerThatRunsAnswersAllRequestsOfATopicThatIsMadeAnew() throws Exception {
        answered("before-", 5);
        await().atMost(PATIENCE).until(() -> user.committed() == 5);

        makeAnew();
        ask("after-", 8);

        haveOneFinalEach("after-", 8);
        await().atMost(PATIENCE).until(() -> user.committed() == user.end());
        user.poll(Duration.ofSeconds(2));
        haveOneFinalEach("before-", 5);
        haveOneFinalEach("after-", 8);
        assertThat(agent.requests()).hasSize(13);
    }

    @Test
    void aSchedulerThatIsStartedAnswersAllRequestsOfATopicThatWasMadeAnew() throws Exception {
        answered("before-", 5);
        await().atMost(PATIENCE).until(() -> user.committed() == 5);
        Programs.kill(parts.scheduler());

        makeAnew();
        ask("after-", 8);
        parts.addScheduler();

        haveOneFinalEach("after-", 8);
        await().atMost(PATIENCE).until(() -> user.committed() == user.end());
        user.poll(Duration.ofSeconds(2));
        haveOneFinalEach("after-", 8);
    }

    private void ask(String prefix, int count) throws Exception {
        for (int each = 0; each < count; each++) {
            user.ask(prefix + each, CHAT);
        }
    }

    private void answered(String prefix, int count) throws Exception {
        ask(prefix, count);
        for (int each = 0; each < count; each++) {
            user.end(prefix + each);
        }
    }

    private void haveOneFinalEach(String prefix, int count) throws Exception {
        for (int each = 0; each < count; each++) {
            user.end(prefix + each);
            assertThat(user.finals(prefix + each)).as(prefix + each).hasSize(1);
        }
    }

    private String metadata() throws Exception {
        return Optional.ofNullable(admin.listConsumerGroupOffsets("littoral-scheduler")
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .get(REQUESTS))
                .map(OffsetAndMetadata::metadata)
                .orElse("");
    }

    private void makeAnew() throws Exception {
        admin.deleteTopics(List.of(Topics.REQUESTS)).all().get();
        await().atMost(PATIENCE).until(this::isMade);
        await().atMost(PATIENCE).until(this::isDescribed);
    }

    private boolean isMade() throws Exception {
        try {
            admin.createTopics(List.of(new NewTopic(Topics.REQUESTS, PARTITIONS, (short) 1)))
                    .all()
                    .get();
            return true;
        } catch (ExecutionException e) {
            // while it is being deleted
            if (e.getCause() instanceof TopicExistsException) {
                return false;
            }
            throw e;
        }
    }

    private boolean isDescribed() throws Exception {
        try {
            return admin.describeTopics(List.of(Topics.REQUESTS))
                            .allTopicNames()
                            .get()
                            .size()
                    == 1;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e;
        }
    }
}
