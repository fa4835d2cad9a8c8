package dev.littoral.scheduler.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** What Strimzi's operators would make of {@code examples/strimzi}, on a cluster of one broker. */
final class StrimziExample {

    private static final Path FOLDER = Path.of("../examples/strimzi");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private final List<JsonNode> resources = new ArrayList<>();
    private final JsonNode environment;

    private StrimziExample() throws IOException {
        try (MappingIterator<JsonNode> documents = YAML.readerFor(JsonNode.class)
                .readValues(FOLDER.resolve("kafka.yaml").toFile())) {
            documents.forEachRemaining(resources::add);
        }
        environment =
                YAML.readTree(FOLDER.resolve("scheduler-env.yaml").toFile()).path("env");
    }

    static StrimziExample read() throws IOException {
        return new StrimziExample();
    }

    String user() {
        return only("KafkaUser").path("metadata").path("name").asText();
    }

    /** Returns the topics, with one replica each. */
    List<NewTopic> topics() {
        return resources.stream()
                .filter(each -> each.path("kind").asText().equals("KafkaTopic"))
                .map(each -> {
                    Map<String, String> settings = new HashMap<>();
                    each.path("spec")
                            .path("config")
                            .properties()
                            .forEach(entry -> settings.put(
                                    entry.getKey(), entry.getValue().asText()));
                    settings.remove("min.insync.replicas");
                    return new NewTopic(
                                    each.path("metadata").path("name").asText(),
                                    Optional.of(
                                            each.path("spec").path("partitions").asInt()),
                                    Optional.of((short) 1))
                            .configs(settings);
                })
                .toList();
    }

    /** Returns the user's rights. */
    List<AclBinding> rights() {
        List<AclBinding> rights = new ArrayList<>();
        for (JsonNode acl : only("KafkaUser").at("/spec/authorization/acls")) {
            JsonNode resource = acl.path("resource");
            ResourcePattern pattern = new ResourcePattern(
                    type(resource.path("type").asText()),
                    resource.path("name").asText(),
                    resource.path("patternType").asText().equals("prefix")
                            ? PatternType.PREFIXED
                            : PatternType.LITERAL);
            for (JsonNode operation : acl.path("operations")) {
                rights.add(new AclBinding(
                        pattern,
                        new AccessControlEntry(
                                "User:" + user(),
                                "*",
                                AclOperation.valueOf(operation.asText().toUpperCase(Locale.ROOT)),
                                AclPermissionType.ALLOW)));
            }
        }
        return rights;
    }

    /** Returns the scheduler's variables; what the example takes from secrets and volumes is what the caller gives. */
    Map<String, String> environment(Map<String, String> given) {
        Map<String, String> variables = new HashMap<>();
        for (JsonNode each : environment) {
            String name = each.path("name").asText();
            String value = given.getOrDefault(name, each.path("value").asText());
            if (value.isEmpty()) {
                throw new IllegalStateException(name + " comes from a secret: say what is in it");
            }
            variables.put(name, value);
        }
        return variables;
    }

    private JsonNode only(String kind) {
        return resources.stream()
                .filter(each -> each.path("kind").asText().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private static ResourceType type(String name) {
        return switch (name) {
            case "topic" -> ResourceType.TOPIC;
            case "group" -> ResourceType.GROUP;
            case "transactionalId" -> ResourceType.TRANSACTIONAL_ID;
            default -> throw new IllegalArgumentException("no resource type " + name);
        };
    }
}
