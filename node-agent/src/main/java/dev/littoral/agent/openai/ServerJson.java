package dev.littoral.agent.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads the server's JSON, of which nothing is taken for granted. */
final class ServerJson {

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxNumberLength(64)
                            .build())
                    .build())
            .build();

    private ServerJson() {}

    static ObjectMapper mapper() {
        return MAPPER;
    }

    /** Reads a value; empty when it is none. */
    static Optional<JsonNode> read(String json) {
        try {
            return Optional.ofNullable(MAPPER.readTree(json)).filter(node -> !node.isMissingNode());
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** Finds the error that a body tells: {@code {"error": …}}, or vLLM's {@code {"object": "error", …}}. */
    static Optional<JsonNode> error(String body) {
        return read(body).flatMap(ServerJson::error);
    }

    static Optional<JsonNode> error(JsonNode node) {
        JsonNode inner = node.path("error");
        if (!inner.isMissingNode() && !inner.isNull()) {
            return Optional.of(inner);
        }
        return node.path("object").asText().equals("error") ? Optional.of(node) : Optional.empty();
    }

    /** Gives an error's words; some servers send nothing but them. */
    static Optional<String> message(JsonNode error) {
        return Optional.of(error.isTextual() ? error : error.path("message"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText);
    }

    /** Gives a count if it is a whole number of 0 to {@code most}. */
    static OptionalInt count(JsonNode number, int most) {
        boolean sound = number.isIntegralNumber() && number.canConvertToInt();
        return sound && number.intValue() >= 0 && number.intValue() <= most
                ? OptionalInt.of(number.intValue())
                : OptionalInt.empty();
    }
}
