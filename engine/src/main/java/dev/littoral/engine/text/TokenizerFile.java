package dev.littoral.engine.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.checkpoint.BoundedParser;
import dev.littoral.checkpoint.CheckpointException;
import dev.littoral.checkpoint.CheckpointException.Reason;
import dev.littoral.checkpoint.JsonFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads tokenizer.json piece by piece, for an agent whose heap is smaller than a tree of it: what grows with the vocabulary
 * is checked as it passes and handed on, only the rest is kept.
 */
final class TokenizerFile {

    /** Values of the rest that are kept; templates of known tokenizers have a few hundred. */
    private static final int MOST_VALUES = 100_000;

    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            // a vocabulary's words are names, and would all be kept
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();
    private static final ObjectReader TREE = JsonMapper.builder(FACTORY)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build()
            .readerFor(JsonNode.class);

    /** Is told the tokens, in the order of the file. */
    interface Words {

        /** Hears of a word of the model. */
        void word(int number, String word);

        /** Hears of a token that is matched before all words, which goes before a word of the same number. */
        void added(int number, String content, boolean special);

        /** Hears nothing. */
        Words NOBODY = new Words() {
            @Override
            public void word(int number, String word) {}

            @Override
            public void added(int number, String content, boolean special) {}
        };
    }

    private final Path file;
    private final TokenizerRules rules;
    private final Words words;
    private final JsonGenerator copy;
    private final MergeForm merges;
    private final ObjectNode rest = JsonNodeFactory.instance.objectNode();

    private TokenizerFile(Path file, Words words, JsonGenerator copy, MergeForm merges) {
        this.file = file;
        this.rules = new TokenizerRules(file.toString());
        this.words = words;
        this.copy = copy;
        this.merges = merges;
    }

    /**
     * Reads the file of a checkpoint.
     *
     * @param copy is written the whole of it, but for how texts are cut and padded: that is the engine's affair
     * @return what does not grow with the vocabulary
     * @throws CheckpointException when it is missing, no JSON, or has what is not known here
     * @throws MergeForm.Unfit when merges cannot be written in this form
     */
    static JsonNode read(Path checkpoint, Words words, JsonGenerator copy, MergeForm merges) throws IOException {
        Path file = JsonFile.requireFile(checkpoint, "tokenizer.json");
        var read = new TokenizerFile(file, words, copy, merges);
        try (JsonParser parser = FACTORY.createParser(Files.newBufferedReader(file))) {
            read.whole(parser);
        } catch (JsonProcessingException e) {
            throw read.invalid("it is not valid JSON at line %d, column %d: %s"
                    .formatted(
                            e.getLocation() == null ? 0 : e.getLocation().getLineNr(),
                            e.getLocation() == null ? 0 : e.getLocation().getColumnNr(),
                            e.getOriginalMessage()));
        } catch (CharacterCodingException e) {
            throw read.invalid("it is not valid UTF-8; fetch the file again");
        }
        read.rules.requireRest(read.rest);
        return read.rest;
    }

    /** Makes what {@link #read} can write to: ASCII alone. */
    static JsonGenerator generator(OutputStream out) throws IOException {
        return FACTORY.createGenerator(out);
    }

    private void whole(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw invalid("it is no JSON object; fetch the file again");
        }
        copy.writeStartObject();
        Set<String> names = new HashSet<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            rules.require(KnownParts.TOP.contains(name), name, "is not known here");
            requireOnce(names.add(name), name);
            JsonToken value = parser.nextToken();
            if (name.equals("added_tokens") && value != JsonToken.VALUE_NULL) {
                added(parser);
            } else if (name.equals("model") && value == JsonToken.START_OBJECT) {
                model(parser);
            } else if (name.equals("truncation") || name.equals("padding")) {
                parser.skipChildren();
            } else {
                keep(name, parser, rest);
            }
        }
        copy.writeEndObject();
        if (parser.nextToken() != null) {
            throw invalid("it is not valid JSON: something follows its end");
        }
    }

    private void keep(String name, JsonParser parser, ObjectNode where) throws IOException {
        JsonNode value = TREE.readValue(new BoundedParser(parser, MOST_VALUES));
        where.set(name, value);
        copy.writeFieldName(name);
        copy.writeTree(value);
    }

    private void added(JsonParser parser) throws IOException {
        rules.require(parser.currentToken() == JsonToken.START_ARRAY, "added_tokens", "is no list");
        copy.writeArrayFieldStart("added_tokens");
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            JsonNode token = TREE.readValue(new BoundedParser(parser, MOST_VALUES));
            rules.require(++count <= ValueRule.MOST_TOKENS, "added_tokens", "is too long");
            rules.requireAdded(token);
            copy.writeTree(token);
            words.added(
                    token.path("id").asInt(),
                    token.path("content").asText(),
                    token.path("special").asBoolean());
        }
        copy.writeEndArray();
    }

    private void model(JsonParser parser) throws IOException {
        ObjectNode model = rest.putObject("model");
        copy.writeObjectFieldStart("model");
        Set<String> names = new HashSet<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            requireOnce(names.add(name), "model." + name);
            parser.nextToken();
            switch (name) {
                case "vocab" -> vocabulary(parser);
                case "merges" -> merges(parser);
                case "type" -> {
                    keep(name, parser, model);
                    rules.requireType(model.path(name));
                }
                default -> {
                    rules.require(KnownParts.MODEL.containsKey(name), "model." + name, "is not known here");
                    keep(name, parser, model);
                }
            }
        }
        copy.writeEndObject();
    }

    private void vocabulary(JsonParser parser) throws IOException {
        String bound = "must be an object of at most " + ValueRule.MOST_TOKENS + " tokens";
        rules.require(parser.currentToken() == JsonToken.START_OBJECT, "model.vocab", bound);
        copy.writeObjectFieldStart("vocab");
        var seen = new SeenWords();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String word = parser.currentName();
            rules.require(seen.add(word) <= ValueRule.MOST_TOKENS, "model.vocab", bound);
            JsonToken kind = parser.nextToken();
            boolean small = kind == JsonToken.VALUE_NUMBER_INT && parser.getNumberType() == JsonParser.NumberType.INT;
            int number = small ? parser.getIntValue() : -1;
            rules.require(
                    number >= 0 && number < ValueRule.MOST_TOKENS,
                    "model.vocab",
                    "must be a whole number from 0 to " + (ValueRule.MOST_TOKENS - 1));
            copy.writeNumberField(word, number);
            words.word(number, word);
        }
        requireOnce(!seen.twice(), "model.vocab");
        copy.writeEndObject();
    }

    private void merges(JsonParser parser) throws IOException {
        rules.require(parser.currentToken() == JsonToken.START_ARRAY, "model.merges", "must be a list");
        copy.writeArrayFieldStart("merges");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.VALUE_STRING) {
                requireMerge(merges.write(parser.getText(), copy));
            } else {
                requireMerge(parser.currentToken() == JsonToken.START_ARRAY);
                requireMerge(parser.nextToken() == JsonToken.VALUE_STRING);
                String left = parser.getText();
                requireMerge(parser.nextToken() == JsonToken.VALUE_STRING);
                merges.write(left, parser.getText(), copy);
                requireMerge(parser.nextToken() == JsonToken.END_ARRAY);
            }
        }
        copy.writeEndArray();
    }

    private void requireMerge(boolean holds) {
        rules.require(holds, "model.merges", "must be texts of two words with a blank between, or pairs of texts");
    }

    private void requireOnce(boolean once, String field) {
        if (!once) {
            throw new CheckpointException(
                    Reason.ConfigInvalid, file.toString(), field, "it is there twice; fetch the file again");
        }
    }

    private CheckpointException invalid(String problem) {
        return new CheckpointException(Reason.ConfigInvalid, file.toString(), "", problem);
    }
}
