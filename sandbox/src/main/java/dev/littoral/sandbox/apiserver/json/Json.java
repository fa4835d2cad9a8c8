package dev.littoral.sandbox.apiserver.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NumericNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;

/** Reads, writes and compares JSON trees. */
public final class Json {

    /** Deeper documents are refused: all that walks through a tree does so by recursion. */
    public static final int DEEPEST = 200;

    /** Some ten times the largest definition; as a tree it takes a few MB, of which a request needs several. */
    private static final int MOST_TOKENS = 100_000;

    /** What ownership adds around a stored object's own depth fits as well. */
    private static final JsonMapper OWN = new JsonMapper();

    private static final JsonMapper MAPPER = JsonMapper.builder(
                    JsonFactory.builder().streamReadConstraints(limits()).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .nodeFactory(new FiniteNumbers())
            .build();

    /** Numbers are the same when they have the same value, whatever Java type carries them. */
    private static final Comparator<JsonNode> LEAVES = (a, b) -> {
        if (a.isNumber() && b.isNumber()) {
            return a.isIntegralNumber() && b.isIntegralNumber()
                    ? a.bigIntegerValue().compareTo(b.bigIntegerValue())
                    : Double.compare(a.doubleValue(), b.doubleValue());
        }
        return a.equals(b) ? 0 : 1;
    };

    private Json() {}

    /** Makes no number that a double cannot carry: JSON could not carry it back. */
    private static final class FiniteNumbers extends JsonNodeFactory {

        private static final long serialVersionUID = 1;

        @Override
        public NumericNode numberNode(double number) {
            if (!Double.isFinite(number)) {
                throw new ArithmeticException("cannot unmarshal a number into Go value of type float64");
            }
            return super.numberNode(number);
        }
    }

    /** Gives what a document from outside may not exceed. */
    public static StreamReadConstraints limits() {
        return StreamReadConstraints.builder()
                .maxNestingDepth(DEEPEST)
                .maxTokenCount(MOST_TOKENS)
                .build();
    }

    /** Tells whether a value is nested deeper than what is read from outside. */
    public static boolean tooDeep(JsonNode value) {
        return tooDeep(value, DEEPEST);
    }

    private static boolean tooDeep(JsonNode value, int most) {
        for (JsonNode child : value) {
            if (child.isContainerNode() && (most == 1 || tooDeep(child, most - 1))) {
                return true;
            }
        }
        return false;
    }

    /** Makes an empty object. */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Makes an empty array. */
    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /** Reads one JSON value from outside. */
    public static JsonNode read(byte[] json) throws JsonProcessingException {
        try {
            JsonNode read = MAPPER.readTree(json);
            if (read.isMissingNode()) {
                throw new JsonEOFException(null, JsonToken.NOT_AVAILABLE, "nothing to read");
            }
            return read;
        } catch (JsonProcessingException e) {
            throw e;
        } catch (ArithmeticException e) {
            throw JsonMappingException.from((JsonParser) null, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    /** Says why a text cannot be read. */
    public static String problem(JsonProcessingException unreadable) {
        return unreadable instanceof JsonEOFException
                ? "unexpected end of JSON input"
                : unreadable.getOriginalMessage();
    }

    /** Reads what this server wrote itself. */
    public static ObjectNode readOwn(byte[] json) {
        try {
            return (ObjectNode) OWN.readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException("stored JSON is unreadable", e);
        }
    }

    /** Writes a value as UTF-8. */
    public static byte[] bytes(JsonNode value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }

    /** Writes a value as text. */
    public static String text(JsonNode value) {
        return new String(bytes(value), StandardCharsets.UTF_8);
    }

    /** Tells whether two values are equal, numbers by value. */
    public static boolean same(JsonNode a, JsonNode b) {
        return a.equals(LEAVES, b);
    }
}
