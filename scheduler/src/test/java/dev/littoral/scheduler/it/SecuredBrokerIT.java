package dev.littoral.scheduler.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.scheduler.rig.FakeAgent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker with TLS, passwords (SCRAM) and access control lists, with the topics, rights and settings of the Strimzi
 * example and no others; then one that takes rights away, and gives them back.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SecuredBrokerIT {

    private static final String CHAT = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final FakeAgent.Script TODAY = FakeAgent.saying("to", "day");
    private static final Duration LONG = Duration.ofMinutes(2);

    private final FakeAgent agent = new FakeAgent("a", 8, TODAY);
    private final HttpClient http = HttpClient.newHttpClient();
    private RealParts parts;
    private StrimziExample example;
    private Path folder;
    private Admin admin;
    private KafkaUser user;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        example = StrimziExample.read();
        KeyPair broker = KeyPair.make(folder, "broker");
        parts = new RealParts(
                folder,
                Map.of("LITTORAL_KAFKA_RESEND_AFTER", "200ms"),
                List.of(
                        "--tls-keystore",
                        broker.keyStore().toString(),
                        "--tls-password",
                        KeyPair.PASSWORD,
                        "--acls",
                        "true"));
        admin = Admin.create(Map.of("bootstrap.servers", parts.bootstrap()));
        admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        example.user(),
                        new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096),
                        RealParts.PASSWORD)))
                .all()
                .get();
        admin.createTopics(example.topics()).all().get();
        admin.createAcls(example.rights()).all().get();
        parts.replaceScheduler(example.environment(Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", parts.securedBootstrap(),
                "KAFKA_SASL_JAAS_CONFIG", jaas(RealParts.PASSWORD),
                "KAFKA_SSL_TRUSTSTORE_LOCATION", broker.certificate().toString())));
        parts.deploy(agent);
        user = new KafkaUser(parts.bootstrap());
        await().atMost(LONG).until(() -> post() == 200);
    }

    @AfterAll
    void stop() {
        user.close();
        admin.close(Duration.ZERO);
        parts.close();
        agent.close();
        http.close();
    }

    @Test
    @Order(1)
    void theExamplesSettingsTopicsAndRightsAreEnough() throws Exception {
        user.ask("secured", CHAT);
        user.ask("garbled", "hello");

        assertThat(user.end("secured").path("status_code").asInt()).isEqualTo(200);
        assertThat(user.chunks("secured")).hasSize(2);
        assertThat(user.finals("secured")).hasSize(1);
        assertThat(user.deadLetter("NotJson").value()).isNotEmpty();
        assertThat(user.end("garbled").path("error_code").asText()).isEqualTo("INVALID_REQUEST");
        await().until(() -> user.committed() == user.end());
        // a busy broker may answer late at first; a refusal would never end
        assertThat(parts.schedulerLog()).doesNotContain("Authorization", "not authorized", "Not authorized");
    }

    @Test
    @Order(2)
    void anAnswerThatMayNotBeWrittenIsKeptAndWrittenOnceItMay() throws Exception {
        long before = user.end();
        Runnable allow = deny(ResourceType.TOPIC, "littoral.responses", AclOperation.WRITE);

        user.ask("kept", CHAT);

        await().atMost(LONG).until(() -> refused("littoral.responses", "TopicAuthorizationException"));
        assertThat(parts.schedulerLog()).contains("littoral.responses did not take a record");
        assertThat(user.committed()).isEqualTo(before);
        assertThat(user.finals("kept")).isEmpty();
        assertThat(post()).isEqualTo(200);
        allow.run();
        assertThat(user.end("kept").at("/payload/choices/0/message/content").asText())
                .isEqualTo("today");
        await().atMost(LONG).until(() -> user.committed() == user.end());
        user.poll(Duration.ofMillis(500));
        assertThat(user.finals("kept")).hasSize(1);
    }

    @Test
    @Order(3)
    void aDeadLetterThatMayNotBeWrittenIsKeptAndWrittenOnceItMay() throws Exception {
        Runnable allow = deny(ResourceType.TOPIC, "littoral.requests.dlq", AclOperation.WRITE);

        user.ask("bad", CHAT, "ce_priority", "high");

        await().atMost(LONG).until(() -> refused("littoral.requests.dlq", "TopicAuthorizationException"));
        allow.run();
        assertThat(user.deadLetter("BadAttribute").value()).isNotEmpty();
        assertThat(user.end("bad").path("error_code").asText()).isEqualTo("INVALID_REQUEST");
    }

    @Test
    @Order(4)
    void whatIsLongerThanItsTopicTakesIsSaidInFewerWords() throws Exception {
        longest("littoral.responses", 2000);
        longest("littoral.requests.dlq", 2000);
        agent.script(FakeAgent.saying("y".repeat(5000)));
        user.ask("long", CHAT);
        user.ask("longer", "x".repeat(5000), "ce_type", "other");

        assertThat(user.end("long").path("error_code").asText()).isEqualTo("INVALID_REQUEST");
        ConsumerRecord<String, byte[]> letter = user.deadLetter("UnknownType");
        assertThat(letter.value()).isNull();
        assertThat(KafkaUser.header(letter, "ce_id")).isEqualTo("longer");
        longest("littoral.responses", 1 << 24);
        longest("littoral.requests.dlq", 1 << 24);
        user.ask("long-again", CHAT);
        assertThat(user.end("long-again").path("status_code").asInt()).isEqualTo(200);
        assertThat(user.finals("long")).hasSize(1);
        agent.script(TODAY);
    }

    @Test
    @Order(5)
    void whatItsTopicTakesOnlyApartIsWrittenAllTheSame() throws Exception {
        longest("littoral.responses", 2000);
        // a chunk and a final of 700 characters have about 1,200 and 1,300 bytes each
        agent.script(FakeAgent.saying("y".repeat(700)));
        List<String> ids =
                IntStream.range(0, 8).mapToObj(each -> "apart-" + each).toList();
        for (String id : ids) {
            user.ask(id, CHAT);
        }

        for (String id : ids) {
            assertThat(user.end(id).path("status_code").asInt()).isEqualTo(200);
            assertThat(user.chunks(id)).hasSize(1);
            assertThat(user.finals(id)).hasSize(1);
        }
        longest("littoral.responses", 1 << 24);
        agent.script(TODAY);
    }

    @Test
    @Order(6)
    void aSchedulerThatMayNotFenceServesOnceItMay() throws Exception {
        Runnable allow = deny(ResourceType.TRANSACTIONAL_ID, "littoral-scheduler-finals-0-0", AclOperation.WRITE);
        parts.replaceScheduler();
        user.ask("unfenced", CHAT);

        await().atMost(LONG)
                .until(() -> parts.schedulerLog().contains("littoral-scheduler-finals-0-0 cannot be opened"));
        await().atMost(LONG).until(() -> post() == 200);
        allow.run();

        assertThat(user.end("unfenced").path("status_code").asInt()).isEqualTo(200);
        assertThat(user.finals("unfenced")).hasSize(1);
    }

    @Test
    @Order(7)
    void aSchedulerThatMayNotReadServesOnceItMay() throws Exception {
        Runnable mayJoin = deny(ResourceType.GROUP, "littoral-scheduler", AclOperation.READ);
        Runnable mayReadAnswers = deny(ResourceType.TOPIC, "littoral.responses", AclOperation.DESCRIBE);
        parts.replaceScheduler();
        user.ask("unread", CHAT);

        await().atMost(LONG).until(() -> parts.schedulerLog().contains("GroupAuthorizationException"));
        await().atMost(LONG).until(() -> post() == 200);
        mayJoin.run();
        mayReadAnswers.run();

        assertThat(user.end("unread").path("status_code").asInt()).isEqualTo(200);
        assertThat(user.finals("unread")).hasSize(1);
    }

    @Test
    @Order(8)
    void aBrokerWithAnotherCertificateIsNotTrustedAndHttpGoesOn() throws Exception {
        KeyPair other = KeyPair.make(folder, "other");

        parts.replaceScheduler(
                Map.of("KAFKA_SSL_TRUSTSTORE_LOCATION", other.certificate().toString()));

        await().atMost(LONG).until(() -> post() == 200);
        assertThat(parts.schedulerLog()).contains("SSL handshake failed");
    }

    private static String jaas(String password) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"littoral-scheduler\" password=\""
                + password + "\";";
    }

    /** Takes a right away; what is returned gives it back. */
    private Runnable deny(ResourceType type, String name, AclOperation operation)
            throws ExecutionException, InterruptedException {
        AclBinding denied = new AclBinding(
                new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry("User:" + example.user(), "*", operation, AclPermissionType.DENY));
        admin.createAcls(List.of(denied)).all().get();
        return () -> admin.deleteAcls(List.of(denied.toFilter()))
                .all()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private void longest(String topic, int bytes) throws ExecutionException, InterruptedException {
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, topic),
                        List.of(new AlterConfigOp(
                                new ConfigEntry("max.message.bytes", Integer.toString(bytes)),
                                AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    private boolean refused(String topic, String reason) throws Exception {
        String metric = "littoral_scheduler_records_refused_total{reason=\"%s\",topic=\"%s\"".formatted(reason, topic);
        return get("/q/metrics").body().contains(metric);
    }

    private int post() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri("/v1/chat/completions"))
                .POST(HttpRequest.BodyPublishers.ofString(CHAT))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) throws Exception {
        return URI.create("http://127.0.0.1:" + parts.httpPort() + path);
    }
}
