package dev.littoral.scheduler.kafka;

import dev.littoral.protocol.events.Topics;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Makes the topics that are missing, as soon as a broker answers. */
@ApplicationScoped
class TopicCreation {

    private static final Logger LOG = Logger.getLogger(TopicCreation.class);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final String ONE_HOUR_MILLIS =
            Long.toString(Duration.ofHours(1).toMillis());

    private final KafkaSettings settings;
    private final TopicsThere topics;
    private final boolean enabled;
    private final Map<String, Object> defaults;

    TopicCreation(
            KafkaSettings settings,
            TopicsThere topics,
            @ConfigProperty(name = "mp.messaging.incoming.requests.connector") String connector,
            @Identifier("default-kafka-broker") Map<String, Object> defaults) {
        this.settings = settings;
        this.topics = topics;
        this.enabled = connector.equals("smallrye-kafka");
        this.defaults = defaults;
    }

    /** Runs before the channels open, so that they find their topics. */
    void start(@Observes @Priority(1) StartupEvent event) throws InterruptedException {
        if (!enabled) {
            return;
        }
        CountDownLatch made = new CountDownLatch(1);
        Thread.ofVirtual().name("topics").start(() -> {
            try {
                make(made);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        if (!made.await(settings.topicWait().toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("Kafka does not answer yet; HTTP is served meanwhile");
        }
    }

    private void make(CountDownLatch made) throws InterruptedException {
        String said = "";
        while (made.getCount() > 0) {
            try (Admin admin = Admin.create(properties())) {
                Set<String> there = admin.listTopics().names().get();
                topics.seen(there);
                List<NewTopic> missing = wanted().stream()
                        .filter(topic -> !there.contains(topic.name()))
                        .toList();
                create(admin, missing);
                topics.seen(missing.stream().map(NewTopic::name).toList());
                made.countDown();
                lookAtState(admin);
            } catch (ExecutionException | RuntimeException e) {
                String why = e.toString();
                if (!why.equals(said)) {
                    LOG.warnf("topics are not made yet, asked again every %s: %s", PAUSE, why);
                }
                said = why;
                Thread.sleep(PAUSE);
            }
        }
    }

    /** Asks for all at once: one after the other they would hold the start up. */
    private static void create(Admin admin, List<NewTopic> topics) throws InterruptedException, ExecutionException {
        for (KafkaFuture<Void> made : admin.createTopics(topics).values().values()) {
            try {
                made.get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
    }

    /** Says what is wrong with a topic of state that somebody else made. */
    private static void lookAtState(Admin admin) throws InterruptedException {
        try {
            String policy = cleanUpOfState(admin);
            if (!policy.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
                LOG.warnf(
                        "%s has cleanup.policy=%s: what is learned is lost after its retention; set it to compact",
                        Topics.STATE, policy);
            }
            int partitions = partitionsOfState(admin);
            if (partitions > 1) {
                LOG.warnf(
                        "%s has %d partitions: what was learned before a change may be heard behind it; make it anew"
                                + " with one",
                        Topics.STATE, partitions);
            }
        } catch (ExecutionException | RuntimeException e) {
            LOG.debugf("how %s is kept is not known: %s", Topics.STATE, e);
        }
    }

    private static String cleanUpOfState(Admin admin) throws InterruptedException, ExecutionException {
        ConfigResource state = new ConfigResource(ConfigResource.Type.TOPIC, Topics.STATE);
        return admin.describeConfigs(List.of(state)).all().get().values().stream()
                .flatMap(config -> config.entries().stream())
                .filter(entry -> entry.name().equals(TopicConfig.CLEANUP_POLICY_CONFIG))
                .map(ConfigEntry::value)
                .findFirst()
                .orElse(TopicConfig.CLEANUP_POLICY_COMPACT);
    }

    private static int partitionsOfState(Admin admin) throws InterruptedException, ExecutionException {
        return admin.describeTopics(List.of(Topics.STATE)).allTopicNames().get().values().stream()
                .mapToInt(topic -> topic.partitions().size())
                .sum();
    }

    private List<NewTopic> wanted() {
        String longest = Integer.toString(settings.maxRecordBytes());
        Map<String, String> large = Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, longest);
        Map<String, String> fleeting = Map.of(TopicConfig.RETENTION_MS_CONFIG, ONE_HOUR_MILLIS);
        Map<String, String> compacted = Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        return List.of(
                topic(Topics.STATE, 1, compacted),
                topic(Topics.REQUESTS, settings.partitions(), large),
                topic(Topics.RESPONSES, settings.partitions(), large),
                topic(Topics.DEAD_LETTERS, 1, large),
                topic(Topics.CANCELLATIONS, 1, fleeting),
                topic(Topics.TELEMETRY, 1, fleeting));
    }

    private NewTopic topic(String name, int partitions, Map<String, String> configuration) {
        Optional<Short> replicas = settings.replicas() > 0 ? Optional.of(settings.replicas()) : Optional.empty();
        return new NewTopic(name, Optional.of(partitions), replicas).configs(configuration);
    }

    private Map<String, Object> properties() {
        Map<String, Object> properties = new java.util.HashMap<>(defaults);
        properties.keySet().retainAll(AdminClientConfig.configNames());
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 2000);
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 2000);
        return properties;
    }
}
