package dev.littoral.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.littoral.checkpoint.CheckpointException.Reason;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Goes through a JSON object of untrusted bytes field by field, for a heap that is smaller than a tree of it: what the
 * visitor does not keep takes no memory, however long it is.
 *
 * @param file that holds it, for people
 * @param reason of the exception when it is no JSON object
 */
public record JsonFields(String file, Reason reason) {

    /** Characters of one text; the longest that are known are chat templates of some 50,000. */
    private static final int MOST_TEXT = 2 << 20;

    private static final char BYTE_ORDER_MARK = '\ufeff';

    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxStringLength(MOST_TEXT).build())
            // whoever opened the stream closes it
            .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
            // names of tensors and of tokens would all be kept
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private static final ObjectReader TREE = JsonMapper.builder(FACTORY)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build()
            .readerFor(JsonNode.class);

    /** Is shown the fields in the order of the file. */
    @FunctionalInterface
    public interface Visitor {

        /**
         * Sees a field.
         *
         * @param value stands at the beginning of the value; what is not read of it is skipped
         */
        void field(String name, JsonParser value) throws IOException;
    }

    /**
     * Shows every field of the one object in the stream, also such as are there twice.
     *
     * @throws CheckpointException when the bytes are no JSON object, or have more in one place than is read
     * @throws IOException when the stream cannot be read
     */
    public void read(InputStream utf8, Visitor visitor) throws IOException {
        // From text: Jackson's reader of bytes refuses escaped surrogate pairs in names, which tokenizers have.
        Reader text = new BufferedReader(new InputStreamReader(utf8, StandardCharsets.UTF_8.newDecoder()));
        try {
            refuseMark(text);
            try (JsonParser parser = FACTORY.createParser(text)) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    throw fault("it is no JSON object; fetch the file again");
                }
                fields(parser, visitor);
                if (parser.nextToken() != null) {
                    throw fault("it is not valid JSON" + place(parser.currentTokenLocation())
                            + ": something follows its end");
                }
            }
        } catch (StreamConstraintsException e) {
            throw fault("it is more than is read here" + place(e.getLocation()) + ": " + sentence(e));
        } catch (JsonProcessingException e) {
            throw fault("it is not valid JSON" + place(e.getLocation()) + ": " + sentence(e));
        } catch (CharacterCodingException e) {
            throw fault("it is not valid UTF-8; fetch the file again");
        }
    }

    /** Shows the fields of the object that the parser stands at; else as {@link #read}. */
    public static void fields(JsonParser object, Visitor visitor) throws IOException {
        while (object.nextToken() == JsonToken.FIELD_NAME) {
            String name = object.currentName();
            object.nextToken();
            visitor.field(name, object);
            object.skipChildren();
        }
    }

    /** Keeps the value that the parser stands at; a field that is there twice in it is refused. */
    public static JsonNode tree(BoundedParser value) throws IOException {
        return TREE.readValue(value);
    }

    /** Transformers refuses it as well. */
    private void refuseMark(Reader text) throws IOException {
        text.mark(1);
        if (text.read() == BYTE_ORDER_MARK) {
            throw fault("it begins with a byte order mark; save it as UTF-8 without one");
        }
        text.reset();
    }

    private CheckpointException fault(String problemAndCure) {
        return new CheckpointException(reason, file, "", problemAndCure);
    }

    private static String place(JsonLocation location) {
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    /** Jackson adds once more where things began, that it does not show the text, and which of its settings says so. */
    private static String sentence(JsonProcessingException e) {
        String message = e.getOriginalMessage();
        for (String aside : new String[] {" (start marker at", " for `ObjectNode`", ", from `"}) {
            int at = message.indexOf(aside);
            message = at < 0 ? message : message.substring(0, at) + (aside.startsWith(",") ? ")" : "");
        }
        return message;
    }
}
