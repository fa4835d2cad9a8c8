package dev.littoral.scheduler.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.littoral.protocol.events.DeadLetterReason;
import dev.littoral.protocol.events.ErrorCode;
import dev.littoral.protocol.events.Topics;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The pages of the contract say what the code says. */
class ContractDocumentTest {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Path REFERENCE = Path.of("../docs/reference");
    private static final Path SCHEMAS = Path.of("../protocol/src/main/resources/META-INF/littoral/schemas");

    @Test
    void theDocumentNamesEveryTopicAndNoOther() throws IOException {
        List<String> addresses = new ArrayList<>();
        document()
                .path("channels")
                .forEach(each -> addresses.add(each.path("address").asText()));

        assertThat(document().path("asyncapi").asText()).startsWith("3.");
        assertThat(addresses).containsExactlyInAnyOrderElementsOf(topics());
    }

    @Test
    void whatTheDocumentRefersToIsThere() throws IOException {
        JsonNode document = document();
        List<JsonNode> references = document.findValues("$ref");

        assertThat(references).isNotEmpty().allSatisfy(each -> {
            String to = each.asText();
            if (to.startsWith("#")) {
                assertThat(document.at(to.substring(1)).isMissingNode()).as(to).isFalse();
            } else {
                assertThat(REFERENCE.resolve(to)).exists();
            }
        });
    }

    @Test
    void theSchemasKnowEveryReasonAndEveryCode() throws IOException {
        assertThat(words(schema("dead-letter-headers").at("/properties/littoral-reason/enum")))
                .containsExactlyInAnyOrderElementsOf(names(DeadLetterReason.values()));
        assertThat(words(schema("final").at("/properties/error_code/enum")))
                .containsExactlyInAnyOrderElementsOf(names(ErrorCode.values()));
    }

    @Test
    void thePageExplainsEveryReason() throws IOException {
        String page = Files.readString(REFERENCE.resolve("kafka.md"));

        assertThat(names(DeadLetterReason.values()))
                .allSatisfy(reason -> assertThat(page).contains("| `" + reason + "` |"));
    }

    @Test
    void theStrimziExampleHasEveryTopic() throws IOException {
        List<String> made = new ArrayList<>();
        try (MappingIterator<JsonNode> documents = YAML.readerFor(JsonNode.class)
                .readValues(Path.of("../examples/strimzi/kafka.yaml").toFile())) {
            documents.forEachRemaining(each -> {
                if (each.path("kind").asText().equals("KafkaTopic")) {
                    made.add(each.at("/metadata/name").asText());
                }
            });
        }

        assertThat(made).containsExactlyInAnyOrderElementsOf(topics());
    }

    private static JsonNode document() throws IOException {
        return YAML.readTree(REFERENCE.resolve("asyncapi.yaml").toFile());
    }

    private static JsonNode schema(String name) throws IOException {
        return new ObjectMapper().readTree(SCHEMAS.resolve(name + ".json").toFile());
    }

    private static List<String> topics() {
        return Arrays.stream(Topics.class.getFields())
                .map(ContractDocumentTest::value)
                .toList();
    }

    private static String value(Field field) {
        try {
            return String.valueOf(field.get(null));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> names(Enum<?>[] values) {
        return Arrays.stream(values).map(Enum::name).toList();
    }

    private static List<String> words(JsonNode array) {
        List<String> words = new ArrayList<>();
        array.forEach(each -> words.add(each.asText()));
        return words;
    }
}
