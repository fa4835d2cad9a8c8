package dev.littoral.scheduler.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.scheduler.rig.FakeAgent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Requests that are cancelled while no scheduler listens. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CancellationIT {

    private static final String CHAT = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String GROUPS = "littoral-scheduler-cancellations-";
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Map<String, String> SOON_TAKEN_FOR_DEAD = Map.of(
            "MP_MESSAGING_INCOMING_REQUESTS_SESSION_TIMEOUT_MS", "6000",
            "MP_MESSAGING_INCOMING_REQUESTS_HEARTBEAT_INTERVAL_MS", "500",
            "MP_MESSAGING_INCOMING_CANCELLATIONS_SESSION_TIMEOUT_MS", "6000",
            "MP_MESSAGING_INCOMING_CANCELLATIONS_HEARTBEAT_INTERVAL_MS", "500");

    /** Only a cancellation ends what it says. */
    private final FakeAgent agent = new FakeAgent("a", 8, FakeAgent.hanging("x"));

    private RealParts parts;
    private KafkaUser user;
    private Admin admin;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        parts = new RealParts(folder, SOON_TAKEN_FOR_DEAD);
        parts.deploy(agent);
        user = new KafkaUser(parts.bootstrap());
        admin = Admin.create(Map.of("bootstrap.servers", parts.bootstrap()));
    }

    @AfterAll
    void stop() {
        admin.close(Duration.ZERO);
        user.close();
        parts.close();
        agent.close();
    }

    @Test
    void aSchedulerThatStartsKnowsWhatWasCancelledBefore() throws Exception {
        Programs.kill(parts.scheduler());
        user.ask("before-the-start", CHAT);
        user.cancel("before-the-start");

        Process ignored = parts.addScheduler();

        assertThat(user.end("before-the-start").path("error_code").asText()).isEqualTo("CANCELLED");
    }

    @Test
    void aSchedulerThatWasTakenForDeadHearsWhatItMissed() throws Exception {
        int running = agent.running();
        user.ask("missed", CHAT);
        await().atMost(LONG).until(() -> agent.running() == running + 1);
        await().atMost(LONG).until(() -> members() > 0);
        Programs.signal("STOP", parts.scheduler());
        await().atMost(LONG).until(() -> members() == 0);
        user.cancel("missed");

        Programs.signal("CONT", parts.scheduler());

        assertThat(user.end("missed").path("error_code").asText()).isEqualTo("CANCELLED");
        assertThat(user.finals("missed")).hasSize(1);
    }

    /** Counts the schedulers that the broker takes to be hearing cancellations. */
    private int members() throws Exception {
        List<String> groups = admin.listGroups().all().get().stream()
                .map(GroupListing::groupId)
                .filter(id -> id.startsWith(GROUPS))
                .toList();
        return admin.describeConsumerGroups(groups).all().get().values().stream()
                .mapToInt(group -> group.members().size())
                .sum();
    }
}
